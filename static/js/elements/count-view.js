// <count-view src="/threads/7/views"></count-view>: says once that somebody reads this page: after five seconds in sight and a sign of a
// person (a key, a pointer, a wheel; a page scrolls by itself too), or after fifteen in sight without one. Who leaves sooner has not read an answer.

const LEAST = 5
const WITHOUT_A_SIGN = 15
const SIGNS = ["keydown", "pointerdown", "pointermove", "touchstart", "wheel"]

class CountView extends HTMLElement {
  connectedCallback() {
    if (document.documentElement.hasAttribute("data-turbo-preview")) return
    this.seen = 0
    this.sign = false
    for (const type of SIGNS) addEventListener(type, this, { passive: true, capture: true })
    this.timer = setInterval(() => this.tick(), 1000)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
    for (const type of SIGNS) removeEventListener(type, this, { capture: true })
  }

  handleEvent() {
    this.sign = true
  }

  tick() {
    if (document.visibilityState !== "visible") return
    this.seen += 1
    if (this.seen < (this.sign ? LEAST : WITHOUT_A_SIGN)) return
    this.disconnectedCallback()
    navigator.sendBeacon(this.getAttribute("src"))
  }
}

customElements.define("count-view", CountView)
