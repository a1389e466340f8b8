/** Lays a picture of points over a map, frame by frame. */

import type { CustomLayerInterface, CustomRenderMethodInput, Map } from 'maplibre-gl';
import { moves } from './pace.ts';
import { aroundMiddle, type Look, Picture } from './point-picture.ts';
import { across, down, HIGH, NOTHING, type Points, WIDE } from './points.ts';

const VERTEX = `#version 300 es
void main() {
  // One triangle that covers the whole.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
uniform lowp sampler2D picture;
uniform highp int margin;
out lowp vec4 ink;
void main() {
  ink = texelFetch(picture, ivec2(gl_FragCoord.xy) + margin, 0);
}`;

export const POINTS = 'points';
/** A world at zoom 0, px. */
const WORLD_PX = 512;

/** Radius and rim on the screen, px. */
export function radii_px(zoom: number): [number, number] {
  const stops = [[2, 3], [7, 3], [10, 6], [14, 10]] as const;
  const after = stops.findIndex(([at]) => at > zoom);
  const rim = zoom < 9 ? 0.5 : 1.5;
  if (after <= 0) return [(after < 0 ? stops.at(-1) : stops[0])?.[1] ?? 0, rim];
  const [[from, small], [to, large]] = [stops[after - 1], stops[after]] as [readonly [number, number], readonly [number, number]];
  return [small + ((large - small) * (zoom - from)) / (to - from), rim];
}

export class PointLayer implements CustomLayerInterface {
  readonly id = POINTS;
  readonly type = 'custom';
  readonly renderingMode = '2d';
  seen = true;
  /** How many were on the screen when it was last drawn. */
  drawn = 0;
  #points = NOTHING;
  readonly #picture = new Picture();
  #size: [number, number] = [0, 0];
  #map: Map | undefined;
  #program: WebGLProgram | undefined;
  #texture: WebGLTexture | null = null;
  #array: WebGLVertexArrayObject | null = null;

  put(points: Points): void {
    this.#points = points;
    this.#map?.triggerRepaint();
  }

  onAdd(map: Map, gl: WebGL2RenderingContext): void {
    this.#map = map;
    this.#program = program(gl);
    this.#array = gl.createVertexArray();
  }

  onRemove(_map: Map, gl: WebGL2RenderingContext): void {
    if (this.#program) gl.deleteProgram(this.#program);
    gl.deleteTexture(this.#texture);
    gl.deleteVertexArray(this.#array);
    [this.#texture, this.#size, this.#map] = [null, [0, 0], undefined];
  }

  render(gl: WebGL2RenderingContext, { defaultProjectionData }: CustomRenderMethodInput): void {
    this.drawn = 0;
    const [map, program] = [this.#map, this.#program];
    if (!map || !program || !this.seen || this.#points.count === 0) return;
    const { width, height } = map.getCanvas();
    this.#picture.begin(width, height, look(map));
    const { lng, lat } = map.getCenter();
    const [x, y] = [across(lng), down(lat)];
    // How often the Earth lies beside itself, and beside which of its copies the middle is.
    const copies = Math.max(0, Math.ceil(map.getCanvas().clientWidth / (2 * WORLD_PX * 2 ** map.getZoom()) - 0.5));
    const turns = Math.round((lng + 180) / 360 - x / WIDE);
    for (let copy = -copies; copy <= copies; copy += 1) {
      const matrix = aroundMiddle(defaultProjectionData.mainMatrix, x / WIDE + turns + copy, y / HIGH);
      this.drawn += this.#picture.draw(this.#points, [x, y], matrix);
    }
    if (this.drawn === 0) return;
    gl.useProgram(program);
    this.#hand(gl);
    gl.uniform1i(gl.getUniformLocation(program, 'margin'), this.#picture.margin);
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindVertexArray(this.#array);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.bindVertexArray(null);
  }

  /** Hands the picture to the graphics. */
  #hand(gl: WebGL2RenderingContext): void {
    const { width, height, margin, pixels } = this.#picture;
    const [wide, high] = [width + 2 * margin, height + 2 * margin];
    gl.activeTexture(gl.TEXTURE0);
    if (this.#size[0] !== wide || this.#size[1] !== high) {
      gl.deleteTexture(this.#texture);
      this.#texture = gl.createTexture();
      gl.bindTexture(gl.TEXTURE_2D, this.#texture);
      gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, wide, high);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
      gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
      this.#size = [wide, high];
    }
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    for (const setting of [gl.UNPACK_FLIP_Y_WEBGL, gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL]) gl.pixelStorei(setting, false);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 4);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, wide, high, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(pixels.buffer));
  }
}

/** Sharp where the map rests, and as little as a disc can be while it moves. */
function look(map: Map): Look {
  const canvas = map.getCanvas();
  const ratio = canvas.width / canvas.clientWidth;
  const [radius, rim] = radii_px(map.getZoom());
  // In quarters of a pixel, so that a stamp serves for many frames.
  const quarters = (px: number): number => Math.max(2, Math.round(4 * px * ratio)) / 4;
  return { radius: quarters(radius), outside: quarters(radius + rim), soft: !moves(map) };
}

function program(gl: WebGL2RenderingContext): WebGLProgram {
  const made = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('no shader');
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made) ?? 'no program');
  return made;
}
