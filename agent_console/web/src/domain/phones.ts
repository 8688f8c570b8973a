/** A telephone number as it is read and dialled: 154 0000 0001, 021 6256 0000; others stay as they are. */
export function groupedPhone(phone: string): string {
  const mobile = /^(1\d{2})(\d{4})(\d{4})$/.exec(phone)
  const landline = /^(010|02\d|0[3-9]\d{2})(\d{3,4})(\d{4})$/.exec(phone)
  const parts = mobile ?? landline
  return parts ? parts.slice(1).join(" ") : phone
}
