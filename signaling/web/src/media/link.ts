import type { Api } from "../http"
import { Problem } from "../http"
import type { ConnectionAnswer, SourceKind } from "../types"
import { applyEncoding, ENCODINGS } from "./encodings"
import { readSample, type Sample } from "./quality"
import { buildSections, describeSections, planSections, type BuiltSection } from "./sections"

export interface LinkPlan { sessionId: string; kinds: readonly SourceKind[]; people: number; pictures: number }
export interface LinkEvents {
  /** ICE and DTLS: "connected", "disconnected", "failed", and so on. */
  state: (state: RTCPeerConnectionState) => void
}

/** One RTCPeerConnection and its negotiation with the server; `MediaSession` replaces it when it is beyond repair. */
export class Link {
  connectionId: string | null = null
  private readonly peer: RTCPeerConnection
  private readonly sections: BuiltSection[]
  private readonly streams = new Map<number, MediaStream>()
  private negotiating: Promise<void> = Promise.resolve()
  private over = false

  constructor(
    private readonly api: Api,
    private readonly plan: LinkPlan,
    events: LinkEvents,
    makePeer: (configuration: RTCConfiguration) => RTCPeerConnection,
  ) {
    this.peer = makePeer({ bundlePolicy: "max-bundle", rtcpMuxPolicy: "require", iceServers: [] })
    this.sections = buildSections(this.peer, planSections(plan.kinds, plan.people, plan.pictures), new MediaStream())
    this.peer.addEventListener("connectionstatechange", () => { if (!this.over) events.state(this.peer.connectionState) })
  }

  get connectionState(): RTCPeerConnectionState {
    return this.peer.connectionState
  }

  /** Offer, and apply the server's answer. Throws `Problem`. */
  connect(): Promise<void> {
    return this.inTurn(async () => {
      const body = await this.offer(false)
      const answer = await this.api.post<ConnectionAnswer>(`/sessions/${this.plan.sessionId}/connections`, body)
      this.connectionId = answer.connection_id
      if (this.over) {
        await this.leave()
        return
      }
      if (answer.ice_servers.length) this.peer.setConfiguration({ ...this.peer.getConfiguration(), iceServers: answer.ice_servers })
      await this.peer.setRemoteDescription({ type: "answer", sdp: answer.answer })
    })
  }

  /** New ICE credentials on the same DTLS session. Throws `Problem`; 404 or 409: the server knows the connection no more. */
  restartIce(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.connectionId || this.over) return
      const body = await this.offer(true)
      const path = `/sessions/${this.plan.sessionId}/connections/${this.connectionId}`
      try {
        const answer = await this.api.put<{ answer: string }>(path, body)
        if (!this.over) await this.peer.setRemoteDescription({ type: "answer", sdp: answer.answer })
      } catch (error) {
        // Back to what was agreed last: the next restart offers anew.
        if (!this.over) await this.peer.setLocalDescription({ type: "rollback" })
        throw error
      }
    })
  }

  /** Send `track` as `kind`, or nothing; takes no negotiation. */
  async send(kind: SourceKind, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.sections.find((section) => section.plan.kind === kind)?.transceiver.sender
    if (!sender || this.over) return
    if (track && "contentHint" in track) track.contentHint = ENCODINGS[kind].hint
    await sender.replaceTrack(track)
    if (track) await applyEncoding(sender, kind)
  }

  /** The stream of a slot index, the same object each time. */
  stream(index: number): MediaStream {
    let stream = this.streams.get(index)
    if (!stream) {
      const tracks = this.sections.filter((section) => section.plan.index === index)
        .map((section) => section.transceiver.receiver.track)
      stream = new MediaStream(tracks)
      this.streams.set(index, stream)
    }
    return stream
  }

  async sample(now: number): Promise<Sample> {
    return readSample(await this.peer.getStats(), now)
  }

  /** End it; `tell`: the server too (a closing page, or a link that is replaced). */
  async close(tell: boolean): Promise<void> {
    if (this.over) return
    this.over = true
    this.peer.close()
    if (tell) await this.leave()
  }

  private async leave(): Promise<void> {
    if (!this.connectionId) return
    try {
      await this.api.del(`/sessions/${this.plan.sessionId}/connections/${this.connectionId}`)
    } catch (error) {
      // The server drops a connection without checks by itself; only a fault of ours must not pass.
      if (!(error instanceof Problem)) throw error
    }
  }

  private async offer(restart: boolean) {
    const description = await this.peer.createOffer({ iceRestart: restart })
    await this.peer.setLocalDescription(description)
    // The server is ICE-lite and answers checks from wherever they come: no candidates are waited for.
    return { offer: description.sdp ?? "", ...describeSections(this.sections) }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.negotiating.then(work)
    this.negotiating = turn.catch(() => undefined)
    return turn
  }
}
