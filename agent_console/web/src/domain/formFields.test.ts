import { describe, expect, it } from "vitest"
import { fieldProblem, filledCount, filledValues, formFields, type FormField } from "./formFields"

const schema = {
  type: "object",
  required: ["name", "moved_on", "way", "goods", "agrees", "declared"],
  properties: {
    name: { type: "string", maxLength: 50, title: "姓名", "x-title": { "zh-CN": "姓名", en: "Name" } },
    address: { type: "string", maxLength: 200, title: "地址" },
    remarks: { type: "string", maxLength: 500, title: "说明" },
    moved_on: { type: "string", format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$", title: "日期" },
    way: { type: "string", enum: ["own", "rent"], "x-enum-titles": { own: { "zh-CN": "自购", en: "Own" }, rent: { "zh-CN": "租赁", en: "Rented" } } },
    goods: { type: "array", items: { type: "string", enum: ["冷食", "热食"] }, title: "项目" },
    area: { type: "number", exclusiveMinimum: 0 },
    people: { type: "integer", minimum: 1, maximum: 9 },
    agrees: { type: "boolean" },
    declared: { const: true, title: "声明" },
  },
}
const fields = formFields(schema)
function field(name: string): FormField {
  const found = fields.find((entry) => entry.name === name)
  if (!found) throw new Error(`no field ${name}`)
  return found
}

describe("form fields of a schema", () => {
  it("keep the schema's order and know their kind", () => {
    expect(fields.map((entry) => [entry.name, entry.kind])).toEqual([
      ["name", "text"], ["address", "text"], ["remarks", "long"], ["moved_on", "date"], ["way", "choice"], ["goods", "choices"],
      ["area", "number"], ["people", "number"], ["agrees", "yes_no"], ["declared", "text"],
    ])
  })
  it("are named in both languages, by the key when nothing else is there", () => {
    expect(field("name").title).toEqual({ "zh-CN": "姓名", en: "Name" })
    expect(field("address").title).toEqual({ "zh-CN": "地址", en: "地址" })
    expect(field("agrees").title.en).toBe("agrees")
  })
  it("give long texts a row of their own", () => {
    expect(fields.filter((entry) => entry.wide).map((entry) => entry.name)).toEqual(["address", "remarks", "goods"])
  })
  it("name the choices", () => {
    expect(field("way").choices).toEqual([{ value: "own", title: { "zh-CN": "自购", en: "Own" } }, { value: "rent", title: { "zh-CN": "租赁", en: "Rented" } }])
    expect(field("goods").choices[0]).toEqual({ value: "冷食", title: { "zh-CN": "冷食", en: "冷食" } })
  })
  it("are none for what is no schema", () => expect([null, 3, [], {}, { properties: 1 }].map(formFields)).toEqual([[], [], [], [], []]))
})

describe("a field's value", () => {
  it("must be there when required, and may be a refusal", () => {
    expect(fieldProblem(field("name"), undefined)).toBe("missing")
    expect(fieldProblem(field("address"), "")).toBeNull()
    expect(fieldProblem(field("goods"), [])).toBe("missing")
    expect(fieldProblem(field("agrees"), false)).toBeNull()
    expect(fieldProblem(field("declared"), undefined)).toBeNull()
  })
  it("must fit pattern and range", () => {
    expect(fieldProblem(field("moved_on"), "2024-11")).toBe("pattern")
    expect(fieldProblem(field("moved_on"), "2024-11-26")).toBeNull()
    expect(fieldProblem(field("people"), 2.5)).toBe("number")
    expect(fieldProblem(field("people"), 10)).toBe("range")
    expect(fieldProblem(field("people"), 9)).toBeNull()
  })
})

describe("what is sent", () => {
  it("leaves blanks out and fills constants in", () => {
    expect(filledValues(fields, { name: "李示例", address: "", goods: [], agrees: false })).toEqual({ name: "李示例", agrees: false, declared: true })
  })
  it("counts the required fields that hold something", () => {
    expect(filledCount(fields, { name: "李示例", address: "x", agrees: false })).toEqual({ filled: 2, required: 5 })
  })
})
