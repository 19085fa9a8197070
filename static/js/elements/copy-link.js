// <copy-link data-done="Copied"><a href="#post-7">…</a></copy-link>: the link still leads there; a plain click copies its address.

class CopyLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this)
  }

  disconnectedCallback() {
    this.removeEventListener("click", this)
    clearTimeout(this.timer)
  }

  async handleEvent(event) {
    const link = event.target.closest("a")
    if (!link || !navigator.clipboard || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    try {
      await navigator.clipboard.writeText(link.href)
      this.say(link)
    } catch {
      location.assign(link.href)
    }
  }

  say(link) {
    const words = link.querySelector("span:not(.num)")
    if (!words || this.timer) return
    const before = words.textContent
    words.setAttribute("role", "status")
    words.textContent = this.dataset.done
    this.timer = setTimeout(() => {
      words.textContent = before
      words.removeAttribute("role")
      this.timer = null
    }, 2000)
  }
}

customElements.define("copy-link", CopyLink)
