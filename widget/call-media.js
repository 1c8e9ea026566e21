/** One's own microphone and camera: nothing is asked for before `open`, and nothing stays on after `close`. */

/**
 * @typedef {"audio" | "video"} Kind
 * @typedef {"denied" | "no_camera" | "no_microphone" | "nothing"} Problem
 */

export class OwnMedia {
  /** @type {import("./call-peer.js").Tracks} */
  tracks = { audio: null, video: null };
  /** @type {Record<Kind, string | undefined>} the device chosen for each */
  #chosen = { audio: undefined, video: undefined };
  #muted = false;
  /** How often each was stopped: what the browser grants for a wish from before that is not taken. */
  #stopped = { audio: 0, video: 0 };
  #onTrack;

  /** @param {(kind: Kind, track: MediaStreamTrack | null) => void} onTrack */
  constructor(onTrack) {
    this.#onTrack = onTrack;
  }

  /** Whether the others can hear. */
  get isHeard() {
    return this.tracks.audio !== null && !this.#muted;
  }

  /** Whether the others can see. */
  get isSeen() {
    return this.tracks.video !== null;
  }

  /**
   * Ask for microphone, camera or both; where one is missing, for the other alone.
   *
   * @param {...Kind} kinds
   * @returns {Promise<Problem | null>} what is in the way, if anything
   */
  async open(...kinds) {
    const problem = await this.#ask(kinds);
    if (problem !== "nothing" || kinds.length === 1) return problem;
    if ((await this.#ask(["audio"])) === null) return "no_camera";
    return (await this.#ask(["video"])) === null ? "no_microphone" : "nothing";
  }

  /**
   * Another device from now on.
   *
   * @param {Kind} kind
   * @param {string} deviceId
   */
  async choose(kind, deviceId) {
    this.#chosen[kind] = deviceId;
    if (this.tracks[kind]) await this.#ask([kind]);
  }

  /** @param {boolean} muted a microphone that is muted stays ready */
  mute(muted) {
    this.#muted = muted;
    if (this.tracks.audio) this.tracks.audio.enabled = !muted;
  }

  /**
   * Stop one of them: its light goes out.
   *
   * @param {Kind} kind
   */
  stop(kind) {
    this.#stopped[kind] += 1;
    this.#take(kind, null);
  }

  close() {
    this.#muted = false;
    this.stop("audio");
    this.stop("video");
  }

  /**
   * @param {Kind} kind
   * @returns {Promise<MediaDeviceInfo[]>} what can be chosen; without names until access was given
   */
  async devices(kind) {
    const found = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return found.filter((device) => device.kind === `${kind}input` && device.deviceId);
  }

  /**
   * @param {Kind[]} kinds
   * @returns {Promise<"denied" | "nothing" | null>}
   */
  async #ask(kinds) {
    const stopped = { ...this.#stopped };
    const wanted = Object.fromEntries(kinds.map((kind) => [kind, this.#wish(kind)]));
    try {
      const stream = await navigator.mediaDevices.getUserMedia(wanted);
      for (const track of stream.getTracks()) {
        const kind = /** @type {Kind} */ (track.kind);
        if (stopped[kind] === this.#stopped[kind]) this.#take(kind, track);
        else track.stop();
      }
      return null;
    } catch (error) {
      return error instanceof DOMException && error.name === "NotAllowedError" ? "denied" : "nothing";
    }
  }

  /**
   * @param {Kind} kind
   * @returns {MediaTrackConstraints | true}
   */
  #wish(kind) {
    const deviceId = this.#chosen[kind];
    // Four pictures at once go through a practice's line at this size.
    const size = kind === "video" ? { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { max: 24 } } : {};
    return deviceId ? { ...size, deviceId: { exact: deviceId } } : kind === "video" ? size : true;
  }

  /**
   * @param {Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  #take(kind, track) {
    const before = this.tracks[kind];
    if (before === track) return;
    if (before) before.onended = null;
    before?.stop();
    this.tracks[kind] = track;
    if (track && kind === "audio") track.enabled = !this.#muted;
    // Pulled out, or taken away by the browser.
    if (track) track.onended = () => this.#take(kind, null);
    this.#onTrack(kind, track);
  }
}
