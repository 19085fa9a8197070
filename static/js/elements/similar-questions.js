// <similar-questions for="title" src="/ask/similar"></similar-questions>: shows what was asked before while a title is typed. The
// server answers with an HTML fragment; an empty one hides the element.

const PAUSE = 300

class SimilarQuestions extends HTMLElement {
  connectedCallback() {
    this.setAttribute("aria-live", "polite")
    this.field = document.getElementById(this.getAttribute("for"))
    this.field?.addEventListener("input", this)
    if (this.field?.value) this.handleEvent()
  }

  disconnectedCallback() {
    this.field?.removeEventListener("input", this)
    clearTimeout(this.timer)
    this.request?.abort()
  }

  handleEvent() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), PAUSE)
  }

  async look() {
    const title = this.field.value.trim()
    this.request?.abort()
    if (!enough(title)) return this.replaceChildren()
    this.request = new AbortController()
    const address = new URL(this.getAttribute("src"), location.href)
    address.searchParams.set("title", title)
    try {
      const response = await fetch(address, { signal: this.request.signal, headers: { Accept: "text/html" } })
      if (response.ok) this.innerHTML = (await response.text()).trim()
    } catch (problem) {
      if (problem.name !== "AbortError") this.replaceChildren()
    }
  }
}

// Two Chinese characters already mean something; four letters are the least that do.
function enough(title) {
  return /[\u3400-\u9fff]{2}/.test(title) || title.length >= 4
}

customElements.define("similar-questions", SimilarQuestions)
