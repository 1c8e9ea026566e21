/**
 * The connection to one other browser in the call, by the W3C's "perfect negotiation": either side may offer at any time, and where
 * both do at once, the polite one takes its offer back. One transceiver for sound and one for the picture are there from the
 * start, so that microphone and camera come and go without a word.
 */

/**
 * @typedef {{audio: MediaStreamTrack | null, video: MediaStreamTrack | null}} Tracks
 * @typedef {{description?: import("./events").Description | null, candidate?: import("./events").Candidate | null}} Told
 */

// A line that stumbles mostly finds its feet by itself; one that does not is made anew.
const STUMBLE = 3000;

export class Peer {
  #pc;
  #polite;
  #tracks;
  #tell;
  #onChange;
  #onLost;
  #offering = false;
  #ignoring = false;
  #awaitsAnswer = false;
  #wasConnected = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #stumbling;

  /** What the other sends. */
  stream = new MediaStream();

  /**
   * @param {object} parts
   * @param {boolean} parts.polite exactly one of the two sides is
   * @param {RTCIceServer[]} parts.ice
   * @param {Tracks} parts.tracks one's own, as they are now
   * @param {(told: Told) => void} parts.tell to the other browser
   * @param {() => void} parts.onChange `state` has changed
   * @param {() => void} parts.onLost the connection does not come back by itself: `restart` makes it anew
   */
  constructor({ polite, ice, tracks, tell, onChange, onLost }) {
    this.#polite = polite;
    this.#tracks = { ...tracks };
    this.#tell = tell;
    this.#onChange = onChange;
    this.#onLost = onLost;
    this.#pc = new RTCPeerConnection({ iceServers: ice });
    this.#pc.onnegotiationneeded = () => this.#offer();
    this.#pc.onicecandidate = ({ candidate }) => candidate && tell({ candidate: outward(candidate) });
    this.#pc.onconnectionstatechange = () => this.#follow();
    this.#pc.ontrack = ({ track }) => this.stream.addTrack(track);
    // The polite side takes over the transceivers that the other's offer brings.
    if (!polite) for (const kind of /** @type {const} */ (["audio", "video"])) this.#pc.addTransceiver(tracks[kind] ?? kind);
  }

  /** @returns {"connecting" | "connected" | "interrupted"} */
  get state() {
    if (this.#pc.connectionState === "connected") return "connected";
    return this.#wasConnected || this.#pc.connectionState === "failed" ? "interrupted" : "connecting";
  }

  /**
   * What the other browser says.
   *
   * @param {Told} told
   */
  async heard({ description, candidate }) {
    try {
      if (description) await this.#take(description);
      else if (candidate) await this.#pc.addIceCandidate(inward(candidate));
    } catch (error) {
      // Addresses for an offer that was not taken fit nothing.
      if (!this.#ignoring && this.#pc.signalingState !== "closed") console.warn("a call's negotiation stumbled", error);
    }
  }

  /**
   * From now on send this, or nothing.
   *
   * @param {"audio" | "video"} kind
   * @param {MediaStreamTrack | null} track
   */
  send(kind, track) {
    this.#tracks[kind] = track;
    for (const { sender, receiver } of this.#pc.getTransceivers()) if (receiver.track.kind === kind) sender.replaceTrack(track);
  }

  /**
   * Look for another way to the other browser; what was said into a line that was down is said again.
   *
   * @param {RTCIceServer[]} ice
   */
  restart(ice) {
    this.#pc.setConfiguration({ iceServers: ice });
    if (this.#pc.signalingState === "have-local-offer") this.#tellDescription();
    else this.#pc.restartIce();
  }

  close() {
    clearTimeout(this.#stumbling);
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
  }

  async #offer() {
    try {
      this.#offering = true;
      await this.#pc.setLocalDescription();
      this.#tellDescription();
    } finally {
      this.#offering = false;
    }
  }

  /** @param {import("./events").Description} description */
  async #take(description) {
    const isReady = !this.#offering && (this.#pc.signalingState === "stable" || this.#awaitsAnswer);
    this.#ignoring = !this.#polite && description.type === "offer" && !isReady;
    if (this.#ignoring) return;
    this.#awaitsAnswer = description.type === "answer";
    await this.#pc.setRemoteDescription(description);
    this.#awaitsAnswer = false;
    if (description.type !== "offer") return;
    for (const transceiver of this.#pc.getTransceivers()) {
      transceiver.direction = "sendrecv";
      await transceiver.sender.replaceTrack(this.#tracks[/** @type {"audio" | "video"} */ (transceiver.receiver.track.kind)]);
    }
    await this.#pc.setLocalDescription();
    this.#tellDescription();
  }

  #tellDescription() {
    const { type, sdp } = /** @type {RTCSessionDescription} */ (this.#pc.localDescription);
    this.#tell({ description: { type: /** @type {"offer" | "answer"} */ (type), sdp } });
  }

  #follow() {
    const { connectionState: state } = this.#pc;
    clearTimeout(this.#stumbling);
    if (state === "connected") this.#wasConnected = true;
    if (state === "disconnected") this.#stumbling = setTimeout(this.#onLost, STUMBLE);
    if (state === "failed") this.#onLost();
    this.#onChange();
  }
}

/**
 * @param {RTCIceCandidate} candidate
 * @returns {import("./events").Candidate}
 */
function outward({ candidate, sdpMid, sdpMLineIndex, usernameFragment }) {
  return { candidate, medium: sdpMid, line: sdpMLineIndex, fragment: usernameFragment };
}

/**
 * @param {import("./events").Candidate} candidate
 * @returns {RTCIceCandidateInit}
 */
function inward({ candidate, medium, line, fragment }) {
  return { candidate, sdpMid: medium, sdpMLineIndex: line, usernameFragment: fragment };
}
