//! Training by a command of the user's, such as a script around TRL.

mod command;
mod tail;
mod trainer;

pub use command::CommandError;
pub use trainer::ExternalTrainer;
