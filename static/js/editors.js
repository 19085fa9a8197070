// Loads the Markdown toolbar and the @name suggestions where a page has an editor, and only there.

export function startEditors(root) {
  if (root.querySelector("markdown-toolbar")) import("./vendor/markdown-toolbar-element.js")
  for (const expander of root.querySelectorAll("text-expander[data-people]:not([data-started])")) {
    expander.dataset.started = ""
    expander.addEventListener("text-expander-change", (event) => event.detail.provide(suggest(expander, event.detail.text)))
    expander.addEventListener("text-expander-value", (event) => {
      event.detail.value = `@${event.detail.item.dataset.name}`
    })
    // The inserted name is typing as well; drafts hear of it by the usual event.
    expander.addEventListener("text-expander-committed", (event) =>
      event.detail.input.dispatchEvent(new Event("input", { bubbles: true })))
    import("./vendor/text-expander-element.js")
  }
}

// The server answers <ul><li role="option" data-name="bob">...</li></ul>; an answer without items shows nothing.
async function suggest(expander, text) {
  if (!text) return { matched: false }
  const address = new URL(expander.dataset.people, location.href)
  address.searchParams.set("q", text)
  const response = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null)
  if (!response?.ok) return { matched: false }
  const page = new DOMParser().parseFromString(await response.text(), "text/html")
  const fragment = page.querySelector("ul")
  if (!fragment?.querySelector("[data-name]")) return { matched: false }
  fragment.setAttribute("role", "listbox")
  fragment.classList.add("suggestions")
  return { matched: true, fragment: document.importNode(fragment, true) }
}
