// <relative-time><time datetime="…">8 min ago</time></relative-time>: keeps the words true while the page stays open.
// The rule is the one of forum/web/times.py: minutes, hours and days up to a week; what is older keeps the server's date.

const WEEK = 7 * 24 * 60
const standing = new Set()

class RelativeTime extends HTMLElement {
  connectedCallback() {
    standing.add(this)
    this.update()
  }

  disconnectedCallback() {
    standing.delete(this)
  }

  update() {
    const time = this.querySelector("time")
    const passed = Math.max(1, (Date.now() - Date.parse(time?.dateTime)) / 60_000)
    if (!(passed < WEEK)) return
    const words = ago(passed, this.closest("[lang]")?.lang || "en")
    if (time.textContent !== words) time.textContent = words
  }
}

function ago(minutes, language) {
  const format = new Intl.RelativeTimeFormat(language, { style: "short" })
  const [value, unit] = minutes < 60 ? [minutes, "minute"] : minutes < 1440 ? [minutes / 60, "hour"] : [minutes / 1440, "day"]
  return format.format(-Math.round(value), unit).replace(". ", " ")
}

setInterval(() => standing.forEach((element) => element.update()), 30_000)
customElements.define("relative-time", RelativeTime)
