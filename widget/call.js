/**
 * A call with the others in the session. Who is in it is the server's to say; with each of them there is one connection of this
 * browser to theirs. Slides and conversation go on beside it, whatever becomes of it.
 */

import { OwnMedia } from "./call-media.js";
import { Mirror } from "./call-mirror.js";
import { Peer } from "./call-peer.js";
import { showPeople } from "./call-people.js";
import { byId, element } from "./element.js";
import { uuid7 } from "./outbox.js";
import { showState } from "./stamp.js";

/**
 * @typedef {import("./events").CallPerson} CallPerson
 */

const NEWS_STAY = 8000;
// After a restart of the server the others say one by one that they are still there.
const GATHERING = 10_000;

export class Call {
  #words;
  #line;
  #name;
  #media = new OwnMedia((kind, track) => this.#trackChanged(kind, track));
  #mirror;
  #mine = new MediaStream();
  /** @type {string | null} this joining; null while not in the call */
  #entry = null;
  /** @type {RTCIceServer[] | null} null until the server has said that this page is in the call */
  #ice = null;
  /** @type {CallPerson[]} */
  #people = [];
  /** @type {Map<string, {person: CallPerson, peer: Peer, state: Peer["state"]}>} by their joining */
  #others = new Map();
  /** @type {import("./events").PeerTold[]} said by somebody whom this page does not know of yet */
  #early = [];
  #gatheredAt = 0;
  #isPossible = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #fading;

  /** @param {Parameters<typeof import("./calling.js").calling>[0]} parts */
  constructor({ words, line, name }) {
    this.#words = words;
    this.#line = line;
    this.#name = name;
    this.#mirror = new Mirror({ media: this.#media, words, join: () => this.#join(), onClose: () => this.#mirrorClosed() });
    byId("call-place", HTMLElement).hidden = false;
    byId("call-microphone", HTMLButtonElement).addEventListener("click", () => this.#turn("audio"));
    byId("call-camera", HTMLButtonElement).addEventListener("click", () => this.#turn("video"));
    byId("call-devices", HTMLButtonElement).addEventListener("click", () => this.#mirror.adjust());
    byId("call-leave", HTMLButtonElement).addEventListener("click", () => {
      this.leave();
      this.#tell("call_left");
    });
    addEventListener("pagehide", () => this.leave());
  }

  /** The look in the mirror, from which one joins. */
  async open() {
    await style;
    const name = this.#name?.();
    const about = name === undefined ? "" : name === null ? this.#words.say("call_about_nameless") : this.#words.say("call_about_named", { name });
    this.#notice(null);
    await this.#mirror.open(about);
  }

  /** @param {boolean} isPossible whether there can be a call now */
  allow(isPossible) {
    this.#isPossible = isPossible;
    if (!isPossible) {
      this.#mirror.close();
      this.leave("call_lost_over");
    }
    this.#draw();
  }

  /**
   * Hang up.
   *
   * @param {string} [why] the key of what is said of it
   */
  leave(why) {
    if (this.#entry === null) return;
    this.#line().signal("leave_call", {});
    this.#end(why && this.#words.say(why));
  }

  /**
   * @param {string} name
   * @param {any} body
   */
  noticed(name, body) {
    if (this.#entry === null) return;
    if (name === "call_lost") this.#end(this.#words.say(`call_lost_${body.reason}`));
    if (name === "peer_told") this.#early.push(body);
    if (name === "call_changed") this.#people = body.people;
    this.#follow();
  }

  /** @param {boolean} online whether the line is there, or there again */
  async online(online) {
    if (!online || this.#entry === null || this.#ice === null) return;
    this.#gatheredAt = performance.now() + GATHERING;
    setTimeout(() => this.#follow(), GATHERING + 100);
    await this.#announce();
    for (const { peer } of this.#others.values()) if (peer.state !== "connected") peer.restart(this.#ice);
  }

  /** @returns {Promise<string | null>} why it could not be, in words */
  async #join() {
    const entry = (this.#entry = uuid7());
    const answer = await this.#say(true);
    // Thought better of it meanwhile.
    if (this.#entry !== entry) return null;
    if (!answer.ok) {
      this.#entry = null;
      return answer.message;
    }
    this.#ice = answer.ice;
    this.#follow();
    this.#tell("call_joined");
    return null;
  }

  /** Say again that this page is in the call, and how; passwords for relays come anew with it. */
  async #announce() {
    if (this.#ice === null) return;
    const answer = await this.#say(false);
    if (answer.ok) this.#ice = answer.ice;
    else if (answer.code && !answer.retry_after) this.#end(answer.message);
  }

  /**
   * @param {boolean} joins
   * @returns {Promise<any>}
   */
  async #say(joins) {
    const { isHeard: microphone, isSeen: camera } = this.#media;
    const said = { entry: /** @type {string} */ (this.#entry), joins, microphone, camera };
    return this.#line()
      .ask("in_call", said)
      .catch(() => ({ ok: false, message: this.#words.say("call_unreachable") }));
  }

  /** @param {string} [why] in words */
  #end(why) {
    for (const { peer } of this.#others.values()) peer.close();
    this.#others.clear();
    this.#entry = this.#ice = null;
    this.#people = this.#early = [];
    this.#media.close();
    const hadFocus = byId("call", HTMLElement).contains(document.activeElement);
    this.#draw();
    if (hadFocus) byId("call-open", HTMLButtonElement).focus();
    if (why) this.#notice(why);
  }

  #mirrorClosed() {
    if (this.#ice === null) {
      this.leave();
      this.#media.close();
    } else if (!byId("call", HTMLElement).contains(document.activeElement)) byId("call-microphone", HTMLButtonElement).focus();
  }

  /** Bring the connections in line with who is in the call. */
  #follow() {
    if (this.#ice === null) return;
    const here = new Set(this.#people.map(({ entry }) => entry));
    for (const [entry, { person, peer }] of this.#others) {
      if (here.has(entry) || (peer.state === "connected" && performance.now() < this.#gatheredAt)) continue;
      peer.close();
      this.#others.delete(entry);
      this.#tell("call_went", person);
    }
    for (const person of this.#people) {
      const known = this.#others.get(person.entry);
      if (known) known.person = person;
      else if (person.entry !== this.#entry) this.#meet(person);
    }
    this.#early = this.#early.filter((told) => {
      const other = this.#others.get(told.entry);
      other?.peer.heard(told);
      return !other;
    });
    this.#draw();
  }

  /** @param {CallPerson} person */
  #meet(person) {
    const { id: to, entry } = person;
    const peer = new Peer({
      // Both sides see the same two joinings: the later one gives way.
      polite: /** @type {string} */ (this.#entry) > entry,
      ice: /** @type {RTCIceServer[]} */ (this.#ice),
      tracks: this.#media.tracks,
      tell: (told) => this.#line().signal("tell_peer", { to, entry, ...told }),
      onChange: () => this.#peerChanged(entry),
      onLost: async () => {
        await this.#announce();
        if (this.#ice && this.#others.has(entry)) peer.restart(this.#ice);
      },
    });
    this.#others.set(entry, { person, peer, state: peer.state });
    this.#tell("call_came", person);
  }

  /** @param {string} entry */
  #peerChanged(entry) {
    const other = this.#others.get(entry);
    if (!other || other.state === other.peer.state) return;
    if (other.peer.state === "interrupted") this.#tell("call_interrupted_with", other.person);
    else if (other.state === "interrupted") this.#tell("call_back_with", other.person);
    other.state = other.peer.state;
    this.#draw();
  }

  /** @param {import("./call-media.js").Kind} kind */
  async #turn(kind) {
    if (kind === "audio" && this.#media.tracks.audio) this.#media.mute(this.#media.isHeard);
    else if (this.#media.tracks[kind]) this.#media.stop(kind);
    else {
      const problem = await this.#media.open(kind);
      if (problem) this.#notice(this.#words.say(problem === "denied" ? "call_denied" : kind === "video" ? "call_no_camera" : "call_no_microphone"));
    }
    this.#draw();
    await this.#announce();
  }

  /**
   * @param {import("./call-media.js").Kind} kind
   * @param {MediaStreamTrack | null} track
   */
  #trackChanged(kind, track) {
    for (const { peer } of this.#others.values()) peer.send(kind, track);
    if (kind === "video") {
      this.#mine.getTracks().forEach((one) => this.#mine.removeTrack(one));
      if (track) this.#mine.addTrack(track);
    }
    this.#mirror.reflect();
    this.#draw();
  }

  #draw() {
    const isIn = this.#ice !== null;
    byId("call", HTMLElement).hidden = !isIn;
    byId("call-open", HTMLButtonElement).hidden = isIn || !this.#isPossible;
    document.body.classList.toggle("in-call", isIn);
    if (!isIn) return showPeople([]);
    const { isHeard: microphone, isSeen: camera } = this.#media;
    this.#turned("call-microphone", microphone);
    this.#turned("call-camera", camera);
    const me = { entry: "", name: this.#words.say("call_you"), mine: true, microphone, camera, stream: this.#mine, waiting: null };
    const others = [...this.#others].map(([entry, { person, peer }]) => ({
      ...person,
      entry,
      name: this.#nameOf(person),
      mine: false,
      stream: peer.stream,
      waiting: peer.state === "connected" ? null : this.#words.say(`call_${peer.state}`),
    }));
    showPeople([...others, me]);
  }

  /**
   * @param {string} id
   * @param {boolean} isOn
   */
  #turned(id, isOn) {
    const button = byId(id, HTMLButtonElement);
    showState(button, isOn ? "on" : "off");
    button.classList.toggle("off", !isOn);
    button.title = button.querySelector("[data-state]:not([hidden])")?.textContent ?? "";
  }

  /** @param {CallPerson} person */
  #nameOf({ name, role }) {
    if (name === null) return this.#words.say("call_someone");
    return role === "msl" ? this.#words.say("call_msl", { name }) : name;
  }

  /**
   * Read out what happens in the call.
   *
   * @param {string} key
   * @param {CallPerson} [person]
   */
  #tell(key, person) {
    byId("call-news", HTMLElement).textContent = this.#words.say(key, { name: person ? this.#nameOf(person) : "" });
  }

  /** @param {string | null} text shown for a while */
  #notice(text) {
    clearTimeout(this.#fading);
    byId("call-notice", HTMLElement).textContent = text;
    if (text) this.#fading = setTimeout(() => this.#notice(null), NEWS_STAY);
  }
}

/** The look of a call, loaded with it. */
const style = new Promise((done) => {
  const href = new URL("style/call.css", import.meta.url).href;
  document.head.append(element("link", { rel: "stylesheet", href, onload: done, onerror: done }));
});
