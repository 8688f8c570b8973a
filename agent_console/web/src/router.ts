import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router"
import { nextTick } from "vue"
import { Problem } from "@virtual-window/signaling"
import { useAccount } from "@/stores/account"
import { leads } from "@/stores/board"

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes: [
    { path: "/login", name: "login", component: () => import("./login/LoginPage.vue"), meta: { open: true } },
    { path: "/", name: "desk", component: () => import("./pages/DeskPage.vue") },
    { path: "/cases", name: "cases", component: () => import("./cases/CasesPage.vue") },
    { path: "/cases/:id", name: "case", component: () => import("./cases/CasePage.vue"), props: true },
    { path: "/board", name: "board", component: () => import("./board/BoardPage.vue"), meta: { leaders: true } },
    { path: "/:rest(.*)*", redirect: { name: "desk" } },
  ],
})

/** Where a log-in leads back to. */
export function loginFor(to: RouteLocationNormalized) {
  return { name: "login", query: to.fullPath === "/" ? {} : { next: to.fullPath } }
}

// A new page begins at its heading, for those who hear it or go on by keyboard; the first one as the browser has it.
router.afterEach(async (_to, from) => {
  if (!from.name || from.name === "login") return
  await nextTick()
  const heading = document.querySelector<HTMLElement>("main h1")
  if (!heading) return
  heading.tabIndex = -1
  heading.focus({ preventScroll: true })
})

router.beforeEach(async (to) => {
  const account = useAccount()
  if (!account.account) {
    try {
      await account.restore()
    } catch (error) {
      // The server is not there: the log-in page says so and tries again.
      if (!(error instanceof Problem)) throw error
    }
  }
  if (to.meta["open"]) return account.account && to.name === "login" ? { name: "desk" } : true
  if (to.meta["leaders"] && account.account && !leads(account.account)) return { name: "desk" }
  return account.account ? true : loginFor(to)
})
