/** Listeners of one thing; a listener added twice is told twice, and one may leave while being told. */
export class Emitter<T> {
  private readonly listeners = new Set<{ tell: (value: T) => void }>()

  on(tell: (value: T) => void): () => void {
    const entry = { tell }
    this.listeners.add(entry)
    return () => this.listeners.delete(entry)
  }

  emit(value: T): void {
    for (const entry of [...this.listeners]) if (this.listeners.has(entry)) entry.tell(value)
  }

  clear(): void {
    this.listeners.clear()
  }
}
