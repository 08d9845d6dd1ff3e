/* Written by tests/header.rs from src/abi: do not edit.
 *
 * Rules that hold for every call:
 *
 * - It takes one struct that begins with struct_size, which the caller sets to the size it was compiled with. Minor
 *   versions only append fields, to these structs and to the table, so a smaller size means that later fields are missing.
 * - It returns null, or an error that the caller owns and gives back to the error's own destroy.
 * - Only pointers, lengths, fixed-width integers and floats cross. A pointer with length 0 is not read.
 * - Memory belongs to who made it. What the caller passes is read during the call only; how long results live is said
 *   with each.
 * - A model, with all that was opened from it, is used by one thread at a time; that need not always be the same one, and
 *   other threads may use other models meanwhile.
 */
#ifndef RESTEM_POLICY_H
#define RESTEM_POLICY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define RESTEM_ASSERT static_assert
#else
#define RESTEM_ASSERT _Static_assert
#endif

/* The caller passed something that the call does not accept. */
#define RESTEM_ERROR_INVALID_ARGUMENT 1u
/* The backend can't serve this device or data type; the message says why. */
#define RESTEM_ERROR_UNSUITABLE 2u
/* The backend does not know how to do this. */
#define RESTEM_ERROR_UNSUPPORTED 3u
/* The model directory is broken. */
#define RESTEM_ERROR_INVALID_MODEL 4u
/* A file could not be read or written. */
#define RESTEM_ERROR_IO 5u
/* Memory of the device or the host ran out. */
#define RESTEM_ERROR_OUT_OF_MEMORY 6u
/* Anything else. */
#define RESTEM_ERROR_INTERNAL 7u
/* A bug in the backend: it panicked. The model can only be closed. */
#define RESTEM_ERROR_PANIC 8u
/* The sample goes on. */
#define RESTEM_FINISH_NONE 0u
/* The token is one of the stop tokens. */
#define RESTEM_FINISH_STOP_TOKEN 1u
/* max_tokens or the model's context is used up. */
#define RESTEM_FINISH_LENGTH 2u
/* Cancel the samples listed. */
#define RESTEM_CANCEL_LISTED 0u
/* Cancel every sample of the generation. */
#define RESTEM_CANCEL_ALL 1u

/* A loaded model; only the backend looks inside. */
typedef struct RestemModel RestemModel;

/* A stream of samples; only the backend looks inside. */
typedef struct RestemGeneration RestemGeneration;

/* An optimizer and its state; only the backend looks inside. */
typedef struct RestemTraining RestemTraining;

/* UTF-8 text, not terminated. */
typedef struct RestemText RestemText;
struct RestemText {
  /* First byte; may be null when len is 0. */
  const uint8_t *data;
  /* Bytes. */
  uint64_t len;
};

/* An error; whoever receives it calls destroy on it, once. */
typedef struct RestemError RestemError;
struct RestemError {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* One of RESTEM_ERROR_*. */
  uint32_t code;
  /* 0. */
  uint32_t reserved;
  /* What failed and what to do; lives until destroy. */
  RestemText message;
  /* Frees the error. */
  void (*destroy)(RestemError *args);
};

/* How tokens are drawn. */
typedef struct RestemSampling RestemSampling;
struct RestemSampling {
  /* 0 is greedy; otherwise logits are divided by it. */
  float temperature;
  /* Keep the smallest set of tokens whose probability reaches this; 1 keeps all. */
  float top_p;
  /* Keep the k most likely tokens, before top_p; 0 keeps all. */
  uint32_t top_k;
  /* A sample ends with this many new tokens, stop token included; at least 1. */
  uint32_t max_tokens;
  /* A sample ends with one of these tokens. */
  const uint32_t *stop_tokens;
  /* Number of stop_tokens. */
  uint64_t stop_tokens_len;
};

/* One sample wanted. */
typedef struct RestemSampleSeed RestemSampleSeed;
struct RestemSampleSeed {
  /* The caller's name for it; unique within the generation. */
  uint64_t id;
  /* Its tokens depend on weights, prompt, sampling and this only, never on its neighbours. */
  uint64_t seed;
};

/* One token drawn. */
typedef struct RestemToken RestemToken;
struct RestemToken {
  /* The sample's id. */
  uint64_t sample;
  /* The token. */
  uint32_t token;
  /* One of RESTEM_FINISH_*. */
  uint32_t finish;
  /* Its log-probability in nats at temperature 1, before top_k and top_p. */
  float log_prob;
  /* 0. */
  uint32_t reserved;
};

/* A token sequence whose tail is looked at. */
typedef struct RestemSequence RestemSequence;
struct RestemSequence {
  /* All tokens. */
  const uint32_t *tokens;
  /* Number of tokens. */
  uint64_t tokens_len;
  /* Index of the first target token, from 1 to tokens_len - 1; it and all after it are targets. */
  uint64_t target_from;
  /* Weight of its target tokens in the training loss; log_probs ignores it. */
  float weight;
  /* 0. */
  uint32_t reserved;
};

/* suitability: can this backend serve a device and data type? If not: RESTEM_ERROR_UNSUITABLE, whose message says why. */
typedef struct RestemSuitabilityArgs RestemSuitabilityArgs;
struct RestemSuitabilityArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* auto, cpu, cuda:N or what else the backend knows. */
  RestemText device;
  /* auto, f32, bf16 or what else the backend knows. */
  RestemText dtype;
};

/* open: loads a model. */
typedef struct RestemOpenArgs RestemOpenArgs;
struct RestemOpenArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* Hugging Face model directory, UTF-8. */
  RestemText model_dir;
  /* As for suitability. */
  RestemText device;
  /* As for suitability. */
  RestemText dtype;
  /* A JSON object such as {"rows": 64, "threads": 2}; empty text for none. Unknown keys are errors; rows may be "auto", which
     measures, or since minor version 2 "auto-where-same", which measures if samples are the same at any number of rows; copies,
     also since then, is how many models are opened on the device to be used at once, where they are several. */
  RestemText options;
  /* Result: the model, to be closed by the caller. */
  RestemModel *model;
};

/* identity: what the model runs on, after automatic choices. */
typedef struct RestemIdentityArgs RestemIdentityArgs;
struct RestemIdentityArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* Result: the device; lives as long as the model. */
  RestemText device;
  /* Result: the data type of weights and products; lives as long as the model. */
  RestemText dtype;
  /* Result: rows of a decode step, 0 if that means nothing here. */
  uint32_t rows;
  /* Result: threads of a matrix product, 0 if that means nothing here. */
  uint32_t threads;
  /* Result: bytes that keys and values of a generation may take, 0 if the backend does not tell. Since minor version 1. */
  uint64_t cache_bytes;
  /* Result: bytes of a token's keys and values, 0 if the backend does not tell. Since minor version 1. */
  uint64_t token_bytes;
  /* Result: which instructions compute, where devices of one kind differ in them and so in the last digits, such as AVX2; empty if
     the backend does not tell; lives as long as the model. Since minor version 2. */
  RestemText instructions;
};

/* gen_open: starts an empty stream of samples. */
typedef struct RestemGenOpenArgs RestemGenOpenArgs;
struct RestemGenOpenArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* Result: the stream, to be closed by the caller before the model is. */
  RestemGeneration *generation;
};

/* gen_submit: adds a prompt and the samples wanted of it. Allowed at any time; all wait in the order of submission. */
typedef struct RestemGenSubmitArgs RestemGenSubmitArgs;
struct RestemGenSubmitArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The stream. */
  RestemGeneration *generation;
  /* The prompt's tokens. */
  const uint32_t *prompt;
  /* Number of tokens, at least 1. */
  uint64_t prompt_len;
  /* The samples wanted. */
  const RestemSampleSeed *samples;
  /* Number of samples. */
  uint64_t samples_len;
  /* How they are drawn. */
  RestemSampling sampling;
};

/* gen_step: draws the next token of as many samples as fit, at most one each. */
typedef struct RestemGenStepArgs RestemGenStepArgs;
struct RestemGenStepArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The stream. */
  RestemGeneration *generation;
  /* Samples that the caller found to be complete; they leave before the step. Unknown ids are ignored. */
  const uint64_t *stop;
  /* Number of ids in stop. */
  uint64_t stop_len;
  /* Result: what was drawn; lives until the next call on the stream. */
  const RestemToken *tokens;
  /* Result: number of tokens. */
  uint64_t tokens_len;
  /* Result: samples that wait or go on; 0 when there is nothing left to do. */
  uint64_t pending;
};

/* gen_cancel: forgets samples that wait or go on. Unknown ids are ignored. */
typedef struct RestemGenCancelArgs RestemGenCancelArgs;
struct RestemGenCancelArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The stream. */
  RestemGeneration *generation;
  /* Samples to forget, for RESTEM_CANCEL_LISTED. */
  const uint64_t *samples;
  /* Number of samples. */
  uint64_t samples_len;
  /* RESTEM_CANCEL_LISTED or RESTEM_CANCEL_ALL. */
  uint32_t scope;
  /* 0. */
  uint32_t reserved;
};

/* gen_close: ends the stream, whatever is pending. The pointer is dead then, also when an error is returned. */
typedef struct RestemGenCloseArgs RestemGenCloseArgs;
struct RestemGenCloseArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The stream. */
  RestemGeneration *generation;
};

/* log_probs: log-probabilities in nats, at temperature 1, of the target tokens of sequences. */
typedef struct RestemLogProbsArgs RestemLogProbsArgs;
struct RestemLogProbsArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The sequences. */
  const RestemSequence *sequences;
  /* Number of sequences. */
  uint64_t sequences_len;
  /* Tokens, padding included, of a forward pass. */
  uint64_t micro_batch_tokens;
  /* Result: the caller's room for one value per target token, sequence after sequence. */
  float *log_probs;
  /* Values that fit; must be the number of target tokens. */
  uint64_t log_probs_len;
};

/* train_begin: makes an AdamW optimizer for the model's weights. */
typedef struct RestemTrainBeginArgs RestemTrainBeginArgs;
struct RestemTrainBeginArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* Decay of the first moment. */
  double beta1;
  /* Decay of the second moment. */
  double beta2;
  /* Added to the root of the second moment. */
  double epsilon;
  /* Decoupled weight decay. */
  double weight_decay;
  /* Gradients of a larger norm are scaled down to it; 0 turns that off. */
  double max_grad_norm;
  /* Result: the optimizer, to be ended by the caller before the model is closed. */
  RestemTraining *training;
};

/* train_step: one optimizer step, accumulated over as many forward passes as the examples need.
  
   The loss is the sum over target tokens of weight * -log p, divided by the number of target tokens of the step. */
typedef struct RestemTrainStepArgs RestemTrainStepArgs;
struct RestemTrainStepArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The optimizer. */
  RestemTraining *training;
  /* The examples of the step. */
  const RestemSequence *examples;
  /* Number of examples, at least 1. */
  uint64_t examples_len;
  /* Tokens, padding included, of a forward pass; a longer example is a pass of its own. */
  uint64_t micro_batch_tokens;
  /* Learning rate of this step. */
  double learning_rate;
  /* Result: the loss before the step. */
  double loss;
  /* Result: norm of its gradient, before clipping. */
  double grad_norm;
  /* Result: target tokens. */
  uint64_t target_tokens;
};

/* train_save_state and train_load_state: weights, moments and step count, as a file that only the backend reads. */
typedef struct RestemTrainStateArgs RestemTrainStateArgs;
struct RestemTrainStateArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The optimizer. */
  RestemTraining *training;
  /* The file, UTF-8. */
  RestemText path;
};

/* train_end: frees the optimizer; the model keeps the trained weights. The pointer is dead then, also on error. */
typedef struct RestemTrainEndArgs RestemTrainEndArgs;
struct RestemTrainEndArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The optimizer. */
  RestemTraining *training;
};

/* save: writes the weights as they are now, as a directory that open reads; what else a model directory holds (configuration, tokenizer) is copied. */
typedef struct RestemSaveArgs RestemSaveArgs;
struct RestemSaveArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
  /* The directory, UTF-8; created if missing. */
  RestemText dir;
  /* Data type of the file: auto for that of the directory the model was opened from. */
  RestemText dtype;
};

/* close: frees the model. The pointer is dead then, also when an error is returned. */
typedef struct RestemCloseArgs RestemCloseArgs;
struct RestemCloseArgs {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* The model. */
  RestemModel *model;
};
/* A host refuses every other major version; it is part of the entry point's name too. */
#define RESTEM_POLICY_ABI_MAJOR 1u
/* Counts what was appended within the major version. */
#define RESTEM_POLICY_ABI_MINOR 2u

/* What a backend offers: constant, valid as long as the library is loaded. No function may be null. */
typedef struct RestemPolicyApi RestemPolicyApi;
struct RestemPolicyApi {
  /* Size of this struct in bytes. */
  uint64_t struct_size;
  /* RESTEM_POLICY_ABI_MAJOR of the backend's build. */
  uint32_t abi_major;
  /* RESTEM_POLICY_ABI_MINOR of the backend's build. */
  uint32_t abi_minor;
  /* The backend's name, such as torch. */
  RestemText name;
  /* Its version. */
  RestemText version;
  /* What else changes its arithmetic: versions of the libraries it was built with. */
  RestemText build;
  /* See the struct. */
  RestemError *(*suitability)(RestemSuitabilityArgs *args);
  /* See the struct. */
  RestemError *(*open)(RestemOpenArgs *args);
  /* See the struct. */
  RestemError *(*identity)(RestemIdentityArgs *args);
  /* See the struct. */
  RestemError *(*gen_open)(RestemGenOpenArgs *args);
  /* See the struct. */
  RestemError *(*gen_submit)(RestemGenSubmitArgs *args);
  /* See the struct. */
  RestemError *(*gen_step)(RestemGenStepArgs *args);
  /* See the struct. */
  RestemError *(*gen_cancel)(RestemGenCancelArgs *args);
  /* See the struct. */
  RestemError *(*gen_close)(RestemGenCloseArgs *args);
  /* See the struct. */
  RestemError *(*log_probs)(RestemLogProbsArgs *args);
  /* See the struct. */
  RestemError *(*train_begin)(RestemTrainBeginArgs *args);
  /* See the struct. */
  RestemError *(*train_step)(RestemTrainStepArgs *args);
  /* See the struct. */
  RestemError *(*train_save_state)(RestemTrainStateArgs *args);
  /* See the struct. */
  RestemError *(*train_load_state)(RestemTrainStateArgs *args);
  /* See the struct. */
  RestemError *(*train_end)(RestemTrainEndArgs *args);
  /* See the struct. */
  RestemError *(*save)(RestemSaveArgs *args);
  /* See the struct. */
  RestemError *(*close)(RestemCloseArgs *args);
};

/* Sizes where pointers have 64 bits. */
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemText) == 16, "RestemText");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemError) == 40, "RestemError");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemSampling) == 32, "RestemSampling");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemSampleSeed) == 16, "RestemSampleSeed");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemToken) == 24, "RestemToken");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemSequence) == 32, "RestemSequence");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemSuitabilityArgs) == 40, "RestemSuitabilityArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemOpenArgs) == 80, "RestemOpenArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemIdentityArgs) == 88, "RestemIdentityArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemGenOpenArgs) == 24, "RestemGenOpenArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemGenSubmitArgs) == 88, "RestemGenSubmitArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemGenStepArgs) == 64, "RestemGenStepArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemGenCancelArgs) == 48, "RestemGenCancelArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemGenCloseArgs) == 24, "RestemGenCloseArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemLogProbsArgs) == 56, "RestemLogProbsArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemTrainBeginArgs) == 64, "RestemTrainBeginArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemTrainStepArgs) == 80, "RestemTrainStepArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemTrainStateArgs) == 40, "RestemTrainStateArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemTrainEndArgs) == 24, "RestemTrainEndArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemSaveArgs) == 48, "RestemSaveArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemCloseArgs) == 16, "RestemCloseArgs");
RESTEM_ASSERT(sizeof(void *) != 8 || sizeof(RestemPolicyApi) == 192, "RestemPolicyApi");

/* The one symbol that a backend exports. */
const RestemPolicyApi *restem_policy_api_v1(void);

#undef RESTEM_ASSERT
#ifdef __cplusplus
}
#endif
#endif
