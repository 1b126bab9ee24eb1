#pragma once

/// WEFT_TSAN, WEFT_ASAN: 1 in a build with ThreadSanitizer or AddressSanitizer, else 0. GCC and Clang
/// tell it in different ways.

#ifdef __has_feature
#define WEFT_HAS_FEATURE(feature) __has_feature(feature)
#else
#define WEFT_HAS_FEATURE(feature) 0
#endif

#if defined(__SANITIZE_THREAD__) || WEFT_HAS_FEATURE(thread_sanitizer)
#define WEFT_TSAN 1
#else
#define WEFT_TSAN 0
#endif

#if defined(__SANITIZE_ADDRESS__) || WEFT_HAS_FEATURE(address_sanitizer)
#define WEFT_ASAN 1
#else
#define WEFT_ASAN 0
#endif
