//! A part of the window as a PNG file: asked for in one frame, there a frame or two later.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use eframe::egui::{Color32, ColorImage, Context, Rect};

#[derive(Default)]
pub struct ChartPicture {
    wanted: Option<(PathBuf, Rect, Receiver<Arc<ColorImage>>)>,
}

impl ChartPicture {
    /// Asks for what is at a place. The menu that asked is gone in the frame that is taken.
    pub fn ask(&mut self, ctx: &Context, path: PathBuf, place: Rect) {
        let (sender, receiver) = channel();
        let waker = ctx.clone();
        ctx.request_screenshot(move |image| {
            // The window may be gone by then.
            let _ = sender.send(image);
            waker.request_repaint();
        });
        self.wanted = Some((path, place, receiver));
    }

    /// The file's name and bytes when they are there.
    pub fn take(&mut self, ctx: &Context) -> Option<(PathBuf, Vec<u8>)> {
        let image = self.wanted.as_ref()?.2.try_recv().ok()?;
        let (path, place, _) = self.wanted.take()?;
        let part = image.region(&place, Some(ctx.pixels_per_point()));
        Some((path, png(&part)?))
    }
}

/// An image as the bytes of a PNG file; none for one without a pixel.
fn png(image: &ColorImage) -> Option<Vec<u8>> {
    let [width, height] = image.size;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    let pixels: Vec<u8> = image.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect();
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_reads_back_as_it_was() {
        let colour = crate::gui::theme::tokens().dark.accent;
        let image = ColorImage::filled([3, 2], colour);
        let bytes = png(&image).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height, &pixels[..4]), (3, 2, &colour.to_array()[..]));
        assert!(png(&ColorImage::filled([0, 0], Color32::TRANSPARENT)).is_none());
    }
}
