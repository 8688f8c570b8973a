import { Problem, type Account } from "@virtual-window/signaling"
import { defineStore } from "pinia"
import { ref, shallowRef } from "vue"
import { api, feed, onUnauthorised } from "@/server"

/** Who is logged in on this page. */
export const useAccount = defineStore("account", () => {
  const account = shallowRef<Account | null>(null)
  /** The log-in ran out or was revoked while somebody was working. */
  const expired = ref(false)
  let looked: Promise<void> | null = null

  onUnauthorised(() => {
    if (account.value) expired.value = true
    account.value = null
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
    looked ??= look()
    return looked
  }

  /** Throws `Problem` `login_wrong` or `login_locked`. */
  async function login(username: string, password: string): Promise<void> {
    const answer = await api.post<{ account: Account }>("/auth/login", { username, password })
    expired.value = false
    account.value = answer.account
    feed.reopen()
  }

  async function logout(): Promise<void> {
    await api.post("/auth/logout")
    account.value = null
  }

  return { account, expired, restore, login, logout }
})
