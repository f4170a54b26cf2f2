//! Paints what the window drew without a graphics card: its triangles in software, the same on every machine.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixels of a picture that fits the memory"
)]

use std::ops::Range;

use eframe::egui::epaint::{ClippedPrimitive, Primitive, Vertex};
use eframe::egui::{Color32, ColorImage, Pos2, Rect};
use egui_kittest::Harness;

use crate::gui::app::Window;

/// What the tests' window leaves free round the product's.
pub(super) const MARGIN: f32 = 8.0;

/// The last frame as a picture.
pub(super) fn paint(window: &Harness<'_, Window>) -> ColorImage {
    let (ctx, output) = (&window.ctx, window.output());
    let scale = output.pixels_per_point;
    let size = ctx.content_rect().size() * scale;
    let mut picture = ColorImage::filled([size.x.round() as usize, size.y.round() as usize], Color32::TRANSPARENT);
    #[expect(clippy::redundant_closure_for_method_calls, reason = "the method alone holds for one lifetime only")]
    let atlas = ctx.fonts(|fonts| fonts.image());
    for ClippedPrimitive { clip_rect, primitive } in ctx.tessellate(output.shapes.clone(), scale) {
        let Primitive::Mesh(mesh) = primitive else { continue };
        let clip = Clip::new(clip_rect, scale, &picture);
        let corner = |at: u32| {
            let vertex = mesh.vertices[at as usize];
            Vertex { pos: (vertex.pos.to_vec2() * scale).to_pos2(), ..vertex }
        };
        for corners in mesh.triangles() {
            triangle(&mut picture, &atlas, &clip, corners.map(corner));
        }
    }
    picture.region(&ctx.content_rect().shrink(MARGIN), Some(scale))
}

/// The pixels that may be painted.
struct Clip {
    columns: Range<usize>,
    rows: Range<usize>,
}

impl Clip {
    fn new(place: Rect, scale: f32, picture: &ColorImage) -> Self {
        let range = |from: f32, to: f32, end: usize| {
            let [from, to] = [from, to].map(|at| ((at * scale).round().max(0.0) as usize).min(end));
            from..to
        };
        let [width, height] = picture.size;
        Self { columns: range(place.left(), place.right(), width), rows: range(place.top(), place.bottom(), height) }
    }
}

/// One side of a triangle: positive on the inside.
struct RasterSide {
    x: f32,
    y: f32,
    rest: f32,
}

impl RasterSide {
    fn new(from: Pos2, to: Pos2) -> Self {
        let (x, y) = (from.y - to.y, to.x - from.x);
        Self { x, y, rest: -(x * from.x + y * from.y) }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        self.x * x + self.y * y + self.rest
    }

    /// Narrows the pixels of a row to those inside; one on the line belongs to the triangle right of it or below.
    fn narrow(&self, y: f32, inside: &mut Range<usize>) {
        let edge = (-(self.y * y + self.rest) / self.x - 0.5).ceil().max(0.0) as usize;
        if self.x > 0.0 {
            inside.start = inside.start.max(edge);
        } else if self.x < 0.0 {
            inside.end = inside.end.min(edge);
        } else if self.at(0.0, y) < 0.0 || (self.at(0.0, y) <= 0.0 && self.y < 0.0) {
            inside.end = inside.start;
        }
    }
}

fn triangle(picture: &mut ColorImage, atlas: &ColorImage, clip: &Clip, mut corners: [Vertex; 3]) {
    let area = RasterSide::new(corners[0].pos, corners[1].pos).at(corners[2].pos.x, corners[2].pos.y);
    if area.abs() < f32::EPSILON {
        return;
    }
    if area < 0.0 {
        corners.swap(1, 2);
    }
    let sides = [(1, 2), (2, 0), (0, 1)].map(|(from, to): (usize, usize)| RasterSide::new(corners[from].pos, corners[to].pos));
    let heights = corners.map(|corner| corner.pos.y);
    let top = heights.into_iter().fold(f32::MAX, f32::min).floor().max(0.0) as usize;
    let bottom = heights.into_iter().fold(0.0, f32::max).ceil() as usize;
    let is_flat = corners.iter().all(|corner| corner.uv == corners[0].uv && corner.color == corners[0].color);
    let flat = is_flat.then(|| shade(atlas, corners[0].uv, components(corners[0].color)));
    for row in clip.rows.start.max(top)..clip.rows.end.min(bottom) {
        let y = row as f32 + 0.5;
        let mut inside = clip.columns.clone();
        for side in &sides {
            side.narrow(y, &mut inside);
        }
        if inside.is_empty() {
            continue;
        }
        let start = row * picture.size[0];
        let pixels = &mut picture.pixels[start + inside.start..start + inside.end];
        match flat {
            Some(colour) if colour.a() == 255 => pixels.fill(colour),
            Some(colour) => pixels.iter_mut().for_each(|pixel| *pixel = over(colour, *pixel)),
            None => {
                for (pixel, column) in pixels.iter_mut().zip(inside) {
                    let x = column as f32 + 0.5;
                    let weights = [0, 1, 2].map(|at: usize| sides[at].at(x, y) / area.abs());
                    *pixel = over(mixed(atlas, &corners, weights), *pixel);
                }
            }
        }
    }
}

fn components(colour: Color32) -> [f32; 4] {
    colour.to_array().map(f32::from)
}

/// The colour between the corners.
fn mixed(atlas: &ColorImage, corners: &[Vertex; 3], weights: [f32; 3]) -> Color32 {
    let (mut colour, mut place) = ([0.0; 4], Pos2::ZERO);
    for (corner, weight) in corners.iter().zip(weights) {
        place += corner.uv.to_vec2() * weight;
        for (part, of) in colour.iter_mut().zip(components(corner.color)) {
            *part += of * weight;
        }
    }
    shade(atlas, place, colour)
}

/// A colour as the atlas lets it through at a place, between its four nearest pixels.
fn shade(atlas: &ColorImage, place: Pos2, colour: [f32; 4]) -> Color32 {
    let [width, height] = atlas.size;
    let (x, y) = ((place.x * width as f32 - 0.5).max(0.0), (place.y * height as f32 - 0.5).max(0.0));
    let (left, top) = ((x as usize).min(width - 1), (y as usize).min(height - 1));
    let (right, below) = ((left + 1).min(width - 1), (top + 1).min(height - 1));
    let (along, down) = (x - left as f32, y - top as f32);
    let mut lets = [0.0; 4];
    for (column, row, share) in [
        (left, top, (1.0 - along) * (1.0 - down)),
        (right, top, along * (1.0 - down)),
        (left, below, (1.0 - along) * down),
        (right, below, along * down),
    ] {
        for (part, of) in lets.iter_mut().zip(components(atlas.pixels[row * width + column])) {
            *part += of * share;
        }
    }
    let [red, green, blue, alpha] = [0, 1, 2, 3].map(|at: usize| (colour[at] * lets[at] / 255.0).round().clamp(0.0, 255.0) as u8);
    Color32::from_rgba_premultiplied(red, green, blue, alpha)
}

/// One colour laid over another, both with their share of light multiplied in.
fn over(upper: Color32, lower: Color32) -> Color32 {
    let rest = 255 - u16::from(upper.a());
    let part = |upper: u8, lower: u8| upper.saturating_add(((u16::from(lower) * rest + 127) / 255) as u8);
    let ([r, g, b, a], [red, green, blue, alpha]) = (upper.to_array(), lower.to_array());
    Color32::from_rgba_premultiplied(part(r, red), part(g, green), part(b, blue), part(a, alpha))
}
