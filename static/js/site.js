// Starts what makes a page pleasanter. Every page and every form works without this file.
import "./vendor/turbo.js"
import "./elements/relative-time.js"
import "./elements/copy-link.js"
import "./elements/dialog-open.js"
import "./elements/once-form.js"
import "./elements/live-region.js"
import "./elements/count-view.js"
import "./elements/similar-questions.js"
import { startMenus } from "./menus.js"
import { startEditors } from "./editors.js"

startMenus()
document.addEventListener("turbo:before-render", takeTheme)
document.addEventListener("turbo:load", arrive)
document.addEventListener("turbo:render", arrive)

// Turbo swaps the body alone, but the account's choice of light or dark stands on <html>.
function takeTheme(event) {
  const { theme } = event.detail.newBody.closest("html")?.dataset ?? {}
  if (theme) document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

function arrive() {
  startEditors(document)
  document.querySelector("[data-takes-focus]")?.focus()
  showCurrentTab()
}

// On a phone the tabs scroll sideways, and the one that is open may stand outside.
function showCurrentTab() {
  const tab = document.querySelector(".tabs [aria-current]")
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 48
}
