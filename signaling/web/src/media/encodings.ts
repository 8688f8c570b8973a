import type { SourceKind } from "../types"

interface Encoding {
  maxBitrate: number
  maxFramerate?: number
  degradation?: RTCDegradationPreference
  hint: "speech" | "motion" | "text" | "detail"
}

/**
 * What each source may send. Left alone, Chromium sends a 1280x720 camera at 640x360; papers and screens need their
 * pixels more than their frames.
 */
export const ENCODINGS: Readonly<Record<SourceKind, Encoding>> = {
  microphone: { maxBitrate: 40_000, hint: "speech" },
  face: { maxBitrate: 1_200_000, maxFramerate: 25, degradation: "maintain-resolution", hint: "motion" },
  document: { maxBitrate: 4_000_000, maxFramerate: 5, degradation: "maintain-resolution", hint: "text" },
  screen: { maxBitrate: 2_500_000, maxFramerate: 15, degradation: "maintain-resolution", hint: "detail" },
}

type SendParameters = RTCRtpSendParameters & { degradationPreference?: RTCDegradationPreference }

/** Set the limits of `kind` on a sender that has just got its track. */
export async function applyEncoding(sender: RTCRtpSender, kind: SourceKind): Promise<void> {
  const wanted = ENCODINGS[kind]
  const parameters = sender.getParameters() as SendParameters
  for (const encoding of parameters.encodings) {
    encoding.maxBitrate = wanted.maxBitrate
    if (wanted.maxFramerate) encoding.maxFramerate = wanted.maxFramerate
    encoding.priority = kind === "microphone" ? "high" : "medium"
  }
  if (wanted.degradation) parameters.degradationPreference = wanted.degradation
  await sender.setParameters(parameters)
}
