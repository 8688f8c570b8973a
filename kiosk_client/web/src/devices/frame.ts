const QUALITY = 0.92
const WAIT_MS = 3_000

/** The full frame that a camera gives now, as JPEG at its own size. Throws when no frame comes within 3 s. */
export async function captureFrame(track: MediaStreamTrack): Promise<Blob> {
  const video = document.createElement("video")
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  try {
    await within(firstFrame(video), WAIT_MS)
    const canvas = document.createElement("canvas")
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    const context = canvas.getContext("2d")
    if (!context) throw new Error("no 2d context")
    context.drawImage(video, 0, 0)
    return await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => { if (blob) resolve(blob); else reject(new Error("no JPEG")) }, "image/jpeg", QUALITY)
    })
  } finally {
    video.srcObject = null
  }
}

function firstFrame(video: HTMLVideoElement): Promise<void> {
  return new Promise((resolve, reject) => {
    video.requestVideoFrameCallback(() => { resolve() })
    video.play().catch(reject)
  })
}

function within(work: Promise<void>, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { reject(new Error("no frame from the camera")) }, ms)
    work.then(resolve, reject).finally(() => { clearTimeout(timer) })
  })
}
