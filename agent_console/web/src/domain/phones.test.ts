import { expect, it } from "vitest"
import { groupedPhone } from "./phones"

it("groups telephone numbers as they are read", () => {
  expect(["15400000001", "02162560000", "05126256000", "+85221230000"].map(groupedPhone))
    .toEqual(["154 0000 0001", "021 6256 0000", "0512 625 6000", "+85221230000"])
})
