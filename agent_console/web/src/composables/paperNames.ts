import { named, t } from "@/messages"
import { useSession } from "@/stores/session"

/** What a captured page is called: its paper's name, with the page where the paper has several. */
export function usePaperNames(): (code: string | null, page: number) => string {
  const session = useSession()
  return (code, page) => {
    const asked = session.item?.materials.find((material) => material.code === code)
    const name = asked ? named(asked.name) : t("papers.free")
    const pages = asked?.pages ?? 1
    if (pages > 1 && page <= pages) return `${name} ${page}/${pages}`
    return page > 1 ? t("papers.page", { name, page }) : name
  }
}
