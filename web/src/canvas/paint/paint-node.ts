/** Draws nodes that are not mounted, in the looks of those that are. */

import { socketColor } from "@/catalogue/socket-types";
import { titleOf } from "@/document/nodes";
import { MODE } from "@/document/records";
import { type NodeBox, type SocketPlace, TITLE } from "@/geometry/node-box";
import { mixed, type NodeColors, nodeColors } from "../node-colors";
import type { NodeItem } from "../scene";
import { resolveColor } from "../theme-colors";
import { type Brush, breakText, cutText, type Detail, roundRect } from "./brush";
import { paintField } from "./paint-field";
import { paintPicture, pictureOf, pictureRoom } from "./pictures";

const RADIUS = 8;

/** Draw a node as far as its size on the screen allows. */
export function paintNode(brush: Brush, item: NodeItem, detail: Detail): void {
  const colors = nodeColors(item.record.raw, item.definition, brush.theme);
  if (item.box.title === 0) paintReroute(brush, item.box);
  else if (detail === "box") paintBox(brush, item, colors);
  else if (detail === "card") paintCard(brush, item, colors);
  else paintOpen(brush, item, colors);
}

function paintReroute({ ctx, theme }: Brush, box: NodeBox): void {
  roundRect(ctx, box.x, box.y, box.width, box.height, box.height / 2);
  ctx.fillStyle = theme.body;
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = theme.border;
  ctx.stroke();
  for (const socket of [...box.inputs, ...box.outputs]) paintDot(ctx, socket);
}

/** Two rectangles: what is left of a node at a zoom where nothing on it can be read. */
function paintBox({ ctx, view, theme }: Brush, item: NodeItem, colors: NodeColors): void {
  const { box } = item;
  ctx.fillStyle = colors.body;
  ctx.fillRect(box.x, box.y, box.width, box.height);
  ctx.fillStyle = mixed(colors.header, theme.text, 0.12);
  ctx.fillRect(box.x, box.y, box.width, Math.min(box.height, Math.max(TITLE, 3 / view.zoom)));
  const room = pictureRoom(item);
  const picture = room && pictureOf(item);
  if (picture) paintPicture(ctx, picture, room);
}

/** A card with the node's name in letters that keep their size on the screen. */
function paintCard(brush: Brush, item: NodeItem, colors: NodeColors): void {
  const { ctx, view, theme } = brush;
  const { box } = item;
  const head = Math.min(box.height, TITLE / 2);
  ctx.fillStyle = mixed(colors.body, colors.header, 0.35);
  roundRect(ctx, box.x, box.y, box.width, box.height, RADIUS);
  ctx.fill();
  ctx.fillStyle = colors.header;
  roundRect(
    ctx,
    box.x,
    box.y,
    box.width,
    box.collapsed ? box.height : head,
    box.collapsed ? RADIUS : [RADIUS, RADIUS, 0, 0],
  );
  ctx.fill();
  const room = pictureRoom(item);
  const picture = room && pictureOf(item);
  if (picture) paintPicture(ctx, picture, room);
  paintName(brush, item, colors, picture ? room.y : box.y + box.height);
  ctx.strokeStyle = frameColor(item, theme.border, theme.danger);
  ctx.lineWidth = 1 / view.zoom;
  roundRect(ctx, box.x, box.y, box.width, box.height, RADIUS);
  ctx.stroke();
  if (view.zoom < 0.25) return;
  for (const socket of box.inputs) if (!socket.widget || socket.taken) paintDot(ctx, socket, 6);
  for (const socket of box.outputs) paintDot(ctx, socket, 6);
}

/** Sizes of letters, in pixels of the screen, that are tried for the name on a card. */
const NAME_SIZES = [12, 10.5, 9, 8];

/** Write the name below the head of the card and above `bottom`, where there is room for it. */
function paintName(
  { ctx, view, theme }: Brush,
  { box, record, definition }: NodeItem,
  colors: NodeColors,
  bottom: number,
): void {
  const room = bottom - (box.collapsed ? box.y : box.y + TITLE / 2);
  if (box.width * view.zoom < 30 || room * view.zoom < 8) return;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = box.collapsed ? colors.title : theme.text;
  const name = titleOf(record.raw, definition);
  for (const pixels of NAME_SIZES) {
    const size = pixels / view.zoom;
    ctx.font = `500 ${size}px ${theme.font}`;
    const most = Math.max(1, Math.min(3, Math.floor(room / (size * 1.15))));
    const lines = breakText(ctx, name, box.width - 6 / view.zoom, most);
    const cut = lines.some((line) => line.endsWith("…"));
    if (cut && pixels !== NAME_SIZES.at(-1)) continue;
    const middle = bottom - room / 2;
    for (const [at, line] of lines.entries()) {
      ctx.fillText(line, box.x + box.width / 2, middle + (at - (lines.length - 1) / 2) * size * 1.15);
    }
    return;
  }
}

/** Colour of the frame; unknown kinds are framed as wrong. */
const frameColor = ({ definition }: NodeItem, usual: string, wrong: string): string =>
  definition ? usual : wrong;

function paintOpen(brush: Brush, item: NodeItem, colors: NodeColors): void {
  const { ctx, theme, view } = brush;
  const { box } = item;
  roundRect(ctx, box.x, box.y, box.width, box.height, RADIUS);
  ctx.fillStyle = colors.body;
  ctx.fill();
  roundRect(ctx, box.x, box.y, box.width, TITLE, box.collapsed ? RADIUS : [RADIUS, RADIUS, 0, 0]);
  ctx.fillStyle = colors.header;
  ctx.fill();
  paintTitle(brush, item, colors);
  for (const place of box.widgets) paintField(brush, item, place);
  const room = pictureRoom(item);
  const picture = room && pictureOf(item);
  if (picture) paintPicture(ctx, picture, room);
  ctx.lineWidth = Math.max(1, 0.7 / view.zoom);
  ctx.strokeStyle = frameColor(item, theme.border, theme.danger);
  if (!item.definition) ctx.setLineDash([6, 4]);
  roundRect(ctx, box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, RADIUS);
  ctx.stroke();
  ctx.setLineDash([]);
  paintSockets(brush, box);
}

function paintTitle(
  { ctx, theme, view }: Brush,
  { box, record, definition }: NodeItem,
  colors: NodeColors,
): void {
  const size = Math.min(20, Math.max(13, 9 / view.zoom));
  ctx.font = `600 ${size}px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillStyle = colors.title;
  const mode = record.raw.mode;
  const mark = mode === MODE.muted || mode === MODE.bypassed ? 22 : 0;
  ctx.fillText(
    cutText(ctx, titleOf(record.raw, definition), box.width - 40 - mark),
    box.x + 28,
    box.y + TITLE / 2 + 1,
  );
  ctx.beginPath();
  const [cx, cy] = [box.x + 15, box.y + TITLE / 2];
  if (box.collapsed) {
    ctx.moveTo(cx - 2, cy - 4);
    ctx.lineTo(cx + 2.5, cy);
    ctx.lineTo(cx - 2, cy + 4);
  } else {
    ctx.moveTo(cx - 4, cy - 2);
    ctx.lineTo(cx, cy + 2.5);
    ctx.lineTo(cx + 4, cy - 2);
  }
  ctx.lineWidth = 1.6;
  ctx.strokeStyle = colors.title;
  ctx.stroke();
}

/** Draw the dot of a socket. */
function paintDot(ctx: CanvasRenderingContext2D, socket: SocketPlace, radius = 5): void {
  const type = typeof socket.type === "string" ? socket.type : "*";
  ctx.beginPath();
  ctx.arc(socket.x, socket.y, socket.widget && !socket.taken ? radius - 1.5 : radius, 0, 7);
  ctx.fillStyle = resolveColor(socketColor(type));
  ctx.fill();
  ctx.lineWidth = 1;
  ctx.strokeStyle = "rgb(0 0 0 / 55%)";
  ctx.stroke();
}

function paintSockets({ ctx, theme }: Brush, box: NodeBox): void {
  for (const socket of box.inputs) paintDot(ctx, socket);
  for (const socket of box.outputs) paintDot(ctx, socket);
  if (box.collapsed) return;
  ctx.font = `12px ${theme.font}`;
  ctx.textBaseline = "middle";
  ctx.fillStyle = theme.text;
  ctx.textAlign = "left";
  const half = box.width - 24;
  for (const [at, socket] of box.inputs.entries()) {
    if (socket.widget) continue;
    const other = box.outputs[at];
    const room = other ? half - Math.min(half / 2, ctx.measureText(other.label).width + 12) : half;
    ctx.fillText(cutText(ctx, socket.label, room), socket.x + 13, socket.y + 0.5);
  }
  ctx.textAlign = "right";
  for (const socket of box.outputs)
    ctx.fillText(cutText(ctx, socket.label, half * 0.7), socket.x - 13, socket.y + 0.5);
}
