import { Problem, type Account } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { ref, shallowRef } from "vue"
import { api, onUnauthorised } from "@/server"

const KEY = "console.loggedIn"

/**
 * The cookie cannot be seen from here. Whether there may be one is kept beside it, so that the log-in page does not ask
 * the server a question whose answer is an error.
 */
function remember(loggedIn: boolean): void {
  try {
    if (loggedIn) localStorage.setItem(KEY, "yes")
    else localStorage.removeItem(KEY)
  } catch {
    // Storage is blocked: `mayBeLoggedIn` then always asks.
  }
}

function mayBeLoggedIn(): boolean {
  try {
    return localStorage.getItem(KEY) !== null
  } catch {
    return true
  }
}

/** Who is logged in on this page. */
export const useAccount = defineStore("account", () => {
  const account = shallowRef<Account | null>(null)
  /** The log-in ran out or was revoked while somebody was working. */
  const expired = ref(false)
  let looked: Promise<void> | null = null

  onUnauthorised(() => {
    if (account.value) expired.value = true
    account.value = null
    remember(false)
  })

  async function look(): Promise<void> {
    try {
      account.value = await api.get<Account>("/auth/me")
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 401) {
        looked = null
        throw error
      }
    }
  }

  /** Ask once whether the cookie still stands for somebody. Throws `Problem` when the server cannot be asked. */
  function restore(): Promise<void> {
    looked ??= mayBeLoggedIn() ? look() : Promise.resolve()
    return looked
  }

  /** Throws `Problem` `login_wrong` or `login_locked`. */
  async function login(username: string, password: string): Promise<void> {
    const answer = await api.post<{ account: Account }>("/auth/login", { username, password })
    expired.value = false
    account.value = answer.account
    remember(true)
  }

  async function logout(): Promise<void> {
    await api.post("/auth/logout")
    account.value = null
    remember(false)
  }

  return { account, expired, restore, login, logout }
})
