// Menus are <details>; this closes them as people expect: by Escape, by a click elsewhere, by opening another.

export function startMenus() {
  document.addEventListener("click", (event) => closeAll(event.target.closest?.("details.menu")))
  document.addEventListener("focusin", (event) => closeAll(event.target.closest?.("details.menu")))
  document.addEventListener("turbo:before-cache", () => closeAll())
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && openMenus()[0]
    if (!menu) return
    menu.open = false
    menu.querySelector("summary").focus()
  })
}

function closeAll(except) {
  for (const menu of openMenus()) if (menu !== except) menu.open = false
}

function openMenus() {
  return [...document.querySelectorAll("details.menu[open]")]
}
