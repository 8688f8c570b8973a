/** F6: from panel to panel in the order of sight. A panel is what bears `data-panel`; its heading takes the focus. */
export function movePanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>("[data-panel]")].filter((panel) => panel.offsetParent !== null)
  if (panels.length === 0) return
  const now = panels.findIndex((panel) => panel.contains(document.activeElement))
  const next = now < 0 ? (step === 1 ? 0 : panels.length - 1) : (now + step + panels.length) % panels.length
  const panel = panels[next]
  const target = panel?.querySelector<HTMLElement>("h1, h2, h3") ?? panel
  if (!target) return
  target.tabIndex = -1
  target.focus()
}
