// Starts what makes a page pleasanter. Every page and every form works without this file.
import "./vendor/turbo.js"
import "./elements/relative-time.js"
import "./elements/copy-link.js"
import "./elements/dialog-open.js"
import "./elements/once-form.js"
import "./elements/live-region.js"
import "./elements/similar-questions.js"
import { startMenus } from "./menus.js"
import { startEditors } from "./editors.js"

startMenus()
document.addEventListener("turbo:load", arrive)
document.addEventListener("turbo:render", arrive)

function arrive() {
  startEditors(document)
  document.querySelector("[data-takes-focus]")?.focus()
}
