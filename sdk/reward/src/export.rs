//! The macro that makes a crate a plugin.

/// Makes a type that implements [`Reward`](crate::Reward) the plugin of this crate.
///
/// On WebAssembly it exports the component's functions under the name and version of the crate's Cargo.toml;
/// elsewhere it only checks that the type is a `Reward`, so that the crate compiles and tests natively. Use it once.
#[macro_export]
macro_rules! export {
    ($reward:ty) => {
        const _: () = {
            const fn is_a_reward<R: $crate::Reward>() {}
            is_a_reward::<$reward>();
        };

        #[cfg(target_family = "wasm")]
        const _: () = {
            impl $crate::guest::Packaged for $reward {
                const NAME: &'static str = ::core::env!("CARGO_PKG_NAME");
                const VERSION: &'static str = ::core::env!("CARGO_PKG_VERSION");
            }
            type Component = $crate::guest::Component<$reward>;
    $crate::guest::bindings::__export_reward_plugin!(Component with_types_in $crate::guest::bindings);
        };
    };
}
