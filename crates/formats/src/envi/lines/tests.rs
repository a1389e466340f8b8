use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::*;

/// Bytes that arrive in pieces, with pauses between them, as from an instrument.
#[derive(Clone, Default)]
struct Pipe(Rc<RefCell<VecDeque<u8>>>);

impl Pipe {
    fn send(&self, bytes: &[u8]) {
        self.0.borrow_mut().extend(bytes);
    }
}

impl Read for Pipe {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut queue = self.0.borrow_mut();
        let count = out.len().min(queue.len()).min(5);
        queue.drain(..count).zip(out).for_each(|(byte, out)| *out = byte);
        Ok(count)
    }
}

fn header(lines: usize, interleave: &str) -> Header {
    let text = format!(
        "ENVI\nlines = {lines}\nsamples = 2\nbands = 3\nheader offset = 4\ninterleave = \
         {interleave}\ndata type = 2\nbyte order = 1\nwavelength units = nm\nwavelength = \
         {{1,2,3}}\ndata ignore value = -9\n"
    );
    Header::parse(&text, None).unwrap()
}

fn bytes(numbers: &[i16]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_be_bytes()).collect()
}

#[test]
fn lines_come_out_as_they_arrive_and_halves_wait() {
    for (interleave, first, second) in [
        ("bil", [1, 2, 3, 4, 5, 6], [11, 12, 13, 14, 15, -9]),
        ("bip", [1, 3, 5, 2, 4, 6], [11, 13, 15, 12, 14, -9]),
    ] {
        let pipe = Pipe::default();
        let mut lines = LineReader::new(header(0, interleave), pipe.clone(), "pipe").unwrap();
        let mut out = [0.0; 4];
        pipe.send(b"HE");
        assert!(!lines.next_line(&[2, 0], &mut out).unwrap());
        pipe.send(b"AD");
        pipe.send(&bytes(&first));
        pipe.send(&bytes(&second)[..7]);
        assert!(lines.next_line(&[2, 0], &mut out).unwrap());
        assert_eq!(out, [5.0, 1.0, 6.0, 2.0]);
        assert!(!lines.next_line(&[2, 0], &mut out).unwrap());
        pipe.send(&bytes(&second)[7..]);
        assert!(lines.next_line(&[2, 0], &mut out).unwrap());
        assert_eq!(out[..2], [15.0, 11.0]);
        assert!(out[2].is_nan() && out[3] == 12.0);
        assert_eq!(lines.finish(), Ok(2));
    }
}

#[test]
fn a_stream_cut_inside_a_line_says_so() {
    let mut lines = LineReader::new(header(9, "bil"), &[0; 21][..], "pipe").unwrap();
    let mut out = [0.0; 2];
    assert!(lines.next_line(&[1], &mut out).unwrap());
    assert!(!lines.next_line(&[1], &mut out).unwrap());
    assert_eq!(
        lines.finish().unwrap_err().to_string(),
        "ended inside line 2; the sender stopped early"
    );
}

#[test]
fn a_stream_ends_where_its_header_says() {
    let mut lines = LineReader::new(header(1, "bil"), &[0; 40][..], "pipe").unwrap();
    let mut out = [0.0; 2];
    assert!(lines.next_line(&[1], &mut out).unwrap());
    assert!(!lines.next_line(&[1], &mut out).unwrap());
    assert_eq!(lines.finish(), Ok(1));
}

#[test]
fn bands_that_are_not_there_are_refused() {
    let mut lines = LineReader::new(header(1, "bip"), &[0; 40][..], "pipe").unwrap();
    let error = lines.next_line(&[3], &mut [0.0; 2]).unwrap_err();
    assert_eq!(error.to_string(), "pipe: line 1: band 4 of 3 was asked for");
    let error = LineReader::new(header(1, "bsq"), &[0; 40][..], "pipe").err().unwrap();
    assert!(error.to_string().starts_with("a BSQ image comes band by band"));
}
