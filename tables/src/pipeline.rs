//! Reader, workers and writer, each in a thread of its own; blocks are written in the order of the input.
//!
//! The reader hands blocks to the workers in turn, and the writer takes them back in the same turn: so
//! the order is kept without sorting, and one worker gives the same bytes as many. A mark goes to every
//! worker between two blocks; when the writer has it from all of them, everything before it is written
//! and counted, and nothing behind it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::checkpoint::Position;
use crate::failure::Failure;
use crate::feed::Feed;
use crate::lane::Lane;
use crate::sink::Sink;
use crate::tray::{Done, Task, Tray};
use crate::watch::Watch;

/// Blocks on their way beside those that workers have in hand.
const SPARE_TRAYS: usize = 3;

/// What steers a run from outside.
pub(crate) struct Steering<'j> {
    /// Set by whoever wants the run to stop where it can go on later.
    pub(crate) stop: &'j AtomicBool,
    /// How often the writer is asked to keep how far it has come; never, if none.
    pub(crate) pace: Option<Duration>,
    /// Who is told how far it has come.
    pub(crate) watch: &'j dyn Watch,
}

/// Screens what a feed gives until it ends or is stopped; the place up to which all is written.
///
/// `keep` is called at each mark, when everything before it is in the sink.
pub(crate) fn run(
    feed: &mut dyn Feed,
    lanes: Vec<Lane<'_>>,
    sink: &mut Sink<'_>,
    steering: &Steering<'_>,
    keep: &mut dyn FnMut(&Sink<'_>, Position) -> Result<(), Failure>,
) -> Result<Position, Failure> {
    let (empty, empties) = channel();
    for _ in 0..lanes.len().saturating_add(SPARE_TRAYS) {
        // The receiver is right here.
        let _ = empty.send(Box::new(Tray::default()));
    }
    thread::scope(|scope| {
        let (mut tasks, mut done) = (Vec::new(), Vec::new());
        for lane in lanes {
            let (task, of_lane) = channel();
            let (to_writer, screened) = channel();
            tasks.push(task);
            done.push(screened);
            scope.spawn(move || work(lane, &of_lane, &to_writer));
        }
        scope.spawn(move || read(feed, &empties, &tasks, steering));
        Writer { sink, keep, empty }.write(&done, steering.watch)
    })
}

/// Reads blocks and hands them out until the inputs end, or somebody wants to stop.
fn read(
    feed: &mut dyn Feed,
    empties: &Receiver<Box<Tray>>,
    tasks: &[Sender<Task>],
    steering: &Steering<'_>,
) {
    let mut marked = Instant::now();
    for task in tasks.iter().cycle() {
        if steering.stop.load(Ordering::Relaxed) {
            return mark(feed, tasks, false);
        }
        // Where nobody listens any more, the writer has failed and tells why.
        let Ok(mut tray) = empties.recv() else { return };
        if !feed.fill(&mut tray) {
            return mark(feed, tasks, true);
        }
        let broken = tray.fault.is_some();
        if task.send(Task::Screen(tray)).is_err() || broken {
            return;
        }
        if steering.pace.is_some_and(|pace| marked.elapsed() >= pace) {
            mark(feed, tasks, false);
            marked = Instant::now();
        }
    }
}

fn mark(feed: &dyn Feed, tasks: &[Sender<Task>], complete: bool) {
    let position = feed.position(complete);
    for task in tasks {
        let _ = task.send(Task::Mark(Box::new(position.clone())));
    }
}

/// Screens blocks as they come.
fn work(mut lane: Lane<'_>, tasks: &Receiver<Task>, done: &Sender<Done>) {
    for task in tasks {
        let result = match task {
            Task::Screen(mut tray) => {
                lane.screen(&mut tray);
                Done::Screened(tray)
            }
            Task::Mark(position) => Done::Mark(position, Box::new(lane.take_counts())),
        };
        if done.send(result).is_err() {
            return;
        }
    }
}

struct Writer<'w, 'r> {
    sink: &'w mut Sink<'r>,
    keep: &'w mut dyn FnMut(&Sink<'_>, Position) -> Result<(), Failure>,
    empty: Sender<Box<Tray>>,
}

impl Writer<'_, '_> {
    /// Writes blocks in the order in which they were handed out, until there is no more.
    fn write(mut self, done: &[Receiver<Done>], watch: &dyn Watch) -> Result<Position, Failure> {
        let mut last = Position::default();
        let mut turn = done.iter().cycle().peekable();
        while let Some(result) = turn.peek().and_then(|lane| lane.recv().ok()) {
            match result {
                Done::Screened(mut tray) => {
                    self.sink.take(&mut tray)?;
                    watch.records(tray.records);
                    tray.clear();
                    // The reader may have read all there is.
                    let _ = self.empty.send(tray);
                    turn.next();
                }
                Done::Mark(position, counts) => {
                    self.sink.counts.merge(*counts);
                    for _ in done.iter().skip(1) {
                        turn.next();
                        self.counted(turn.peek().and_then(|lane| lane.recv().ok()));
                    }
                    turn.next();
                    (self.keep)(self.sink, (*position).clone())?;
                    last = *position;
                }
            }
        }
        Ok(last)
    }

    /// Adds the counts that a worker gives at a mark.
    fn counted(&mut self, result: Option<Done>) {
        if let Some(Done::Mark(_, counts)) = result {
            self.sink.counts.merge(*counts);
        }
    }
}
