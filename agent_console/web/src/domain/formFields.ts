/** Form fields of an item, read from its JSON schema (draft 2020-12 with the `x-` words of the catalogue). */

export interface LocalText { "zh-CN": string; en: string }
export type FieldKind = "text" | "long" | "number" | "date" | "choice" | "choices" | "yes_no"
export type FieldValue = string | number | boolean | string[]
export type FieldValues = Record<string, FieldValue>

export interface Choice { value: string; title: LocalText }
export interface FormField {
  name: string
  kind: FieldKind
  title: LocalText
  required: boolean
  /** Takes a whole row: addresses and other long texts. */
  wide: boolean
  choices: Choice[]
  /** A value that the schema fixes; shown, not asked for. */
  constant: FieldValue | null
  pattern: string | null
  minimum: number | null
  maximum: number | null
  maxLength: number | null
  whole: boolean
}

/** A text at least this long gets a row of its own. */
const WIDE_FROM = 100

type Facts = Readonly<Record<string, unknown>>

const isFacts = (value: unknown): value is Facts => typeof value === "object" && value !== null && !Array.isArray(value)
const text = (value: unknown): string | null => (typeof value === "string" ? value : null)
const number = (value: unknown): number | null => (typeof value === "number" ? value : null)
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === "string") : [])

function localText(value: unknown, fallback: string): LocalText {
  const facts: Facts = isFacts(value) ? value : {}
  const zh = text(facts["zh-CN"]) ?? fallback
  return { "zh-CN": zh, en: text(facts["en"]) ?? zh }
}

function choicesOf(values: string[], titles: unknown): Choice[] {
  const named: Facts = isFacts(titles) ? titles : {}
  return values.map((value) => ({ value, title: localText(named[value], value) }))
}

function kindOf(property: Facts): FieldKind {
  if (property["type"] === "boolean") return "yes_no"
  if (property["type"] === "number" || property["type"] === "integer") return "number"
  if (property["type"] === "array") return "choices"
  if (Array.isArray(property["enum"])) return "choice"
  if (property["format"] === "date") return "date"
  return (number(property["maxLength"]) ?? 0) > 200 ? "long" : "text"
}

function constantOf(value: unknown): FieldValue | null {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null
}

function fieldOf(name: string, property: Facts, required: boolean): FormField {
  const kind = kindOf(property)
  const items: Facts = isFacts(property["items"]) ? property["items"] : {}
  const listed = kind === "choices" ? strings(items["enum"]) : strings(property["enum"])
  const titles = property["x-enum-titles"] ?? items["x-enum-titles"]
  const maxLength = number(property["maxLength"])
  return {
    name,
    kind,
    title: localText(property["x-title"], text(property["title"]) ?? name),
    required,
    wide: kind === "choices" || kind === "long" || (kind === "text" && (maxLength ?? 0) >= WIDE_FROM),
    choices: choicesOf(listed, titles),
    constant: constantOf(property["const"]),
    pattern: text(property["pattern"]),
    minimum: number(property["minimum"]) ?? number(property["exclusiveMinimum"]),
    maximum: number(property["maximum"]),
    maxLength,
    whole: property["type"] === "integer",
  }
}

/** The fields in the schema's order; none for a schema that is not an object's. */
export function formFields(schema: unknown): FormField[] {
  const facts: Facts = isFacts(schema) ? schema : {}
  const properties: Facts = isFacts(facts["properties"]) ? facts["properties"] : {}
  const required = new Set(strings(facts["required"]))
  return Object.entries(properties).flatMap(([name, property]) => (isFacts(property) ? [fieldOf(name, property, required.has(name))] : []))
}

/** Whether a value says nothing yet. */
export function isBlank(value: FieldValue | undefined): boolean {
  return value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
}

export type FieldProblem = "missing" | "pattern" | "number" | "range"

/** What is wrong with a value, or null. A blank value that is not required is right. */
export function fieldProblem(field: FormField, value: FieldValue | undefined): FieldProblem | null {
  if (isBlank(value)) return field.required && field.constant === null ? "missing" : null
  if (field.kind === "number") {
    if (typeof value !== "number" || !Number.isFinite(value) || (field.whole && !Number.isInteger(value))) return "number"
    return (field.minimum !== null && value < field.minimum) || (field.maximum !== null && value > field.maximum) ? "range" : null
  }
  return field.pattern !== null && typeof value === "string" && !new RegExp(field.pattern, "u").test(value) ? "pattern" : null
}

/** What is sent: no blanks, constants filled in. */
export function filledValues(fields: readonly FormField[], values: Readonly<FieldValues>): FieldValues {
  const filled: FieldValues = {}
  for (const field of fields) {
    const value = values[field.name] ?? field.constant ?? undefined
    if (value !== undefined && !isBlank(value)) filled[field.name] = value
  }
  return filled
}

/** How many of the required fields hold something. */
export function filledCount(fields: readonly FormField[], values: Readonly<FieldValues>): { filled: number; required: number } {
  const asked = fields.filter((field) => field.required && field.constant === null)
  return { filled: asked.filter((field) => !isBlank(values[field.name])).length, required: asked.length }
}
