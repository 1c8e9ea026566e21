/** What Relais uses of socket.io-client. */

export interface Socket {
  readonly connected: boolean;
  /** Whether the client will come back by itself. */
  readonly active: boolean;
  readonly io: { engine: { transport: { name: string } } };
  connect(): Socket;
  disconnect(): Socket;
  emit(name: string, ...body: unknown[]): Socket;
  on(name: string, listener: (...body: any[]) => void): Socket;
  onAny(listener: (name: string, ...body: any[]) => void): Socket;
  timeout(milliseconds: number): { emitWithAck(name: string, ...body: unknown[]): Promise<any> };
}

export interface SocketOptions {
  transports: string[];
  tryAllTransports: boolean;
  reconnectionDelay: number;
  reconnectionDelayMax: number;
  timeout: number;
  forceNew: boolean;
  auth: (give: (data: object) => void) => void;
}

export function io(namespace: string, options: SocketOptions): Socket;
