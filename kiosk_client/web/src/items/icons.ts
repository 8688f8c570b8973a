import {
  Accessibility, Baby, BadgeCheck, Briefcase, FileText, HandCoins, Heart, HeartPulse, House, Houses, IdCard, Landmark, Store, Truck,
  Utensils, WavesHorizontal,
} from "@lucide/vue"
import type { Channel } from "@virtual-window/signaling"
import type { Component } from "vue"

export const CHANNEL_ICONS: Readonly<Record<Channel, Component>> = { street_town: Houses, district: Landmark, yangtze_delta: WavesHorizontal }
export const CHANNELS: readonly Channel[] = ["street_town", "district", "yangtze_delta"]

/** By a word in the item's code, the first that fits. */
const BY_WORD: readonly (readonly [string, Component])[] = [
  ["food", Utensils], ["senior", Heart], ["medical", HeartPulse], ["maternity", Baby], ["disability", Accessibility], ["living-allowance", House],
  ["household", House], ["housing", House], ["unemployment", Briefcase], ["labour", Briefcase], ["human-resources", Briefcase], ["relocation", Truck],
  ["licence", Store], ["hygiene", BadgeCheck], ["pension", HandCoins], ["insurance", HandCoins], ["permit", IdCard], ["card", IdCard],
]

/** A picture for an item; an unknown one gets a sheet of paper. */
export function itemIcon(code: string): Component {
  return BY_WORD.find(([word]) => code.includes(word))?.[1] ?? FileText
}
