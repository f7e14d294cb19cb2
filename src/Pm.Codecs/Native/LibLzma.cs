using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The functions of liblzma that pm calls. Source: lzma/base.h and lzma/container.h.</summary>
static unsafe partial class LibLzma
{
    internal const int Run = 0;
    internal const int Finish = 3;
    internal const int Ok = 0;
    internal const int StreamEnd = 1;
    internal const int MemoryError = 5;
    internal const int MemoryLimitError = 6;
    internal const int BufferError = 10;

    /// <summary>LZMA_TELL_UNSUPPORTED_CHECK: data that cannot be checked is refused, not passed on.</summary>
    internal const uint TellUnsupportedCheck = 0x02;

    /// <summary>LZMA_CONCATENATED: several streams, and padding between them, are one.</summary>
    internal const uint Concatenated = 0x08;

    /// <summary>LZMA_CHECK_CRC64, what the xz program writes.</summary>
    internal const int Crc64 = 4;

    internal static string Text(int result) => result switch
    {
        3 => "unsupported integrity check",
        MemoryError => "out of memory",
        7 => "no xz header",
        8 => "unsupported options",
        9 => "data or checksum error",
        _ => $"xz error {result}",
    };

    [LibraryImport(SystemLibrary.Lzma)]
    internal static partial int lzma_stream_decoder(LzmaState* state, ulong memoryLimit, uint flags);

    [LibraryImport(SystemLibrary.Lzma)]
    internal static partial int lzma_easy_encoder(LzmaState* state, uint preset, int check);

    [LibraryImport(SystemLibrary.Lzma)]
    internal static partial int lzma_code(LzmaState* state, int action);

    [LibraryImport(SystemLibrary.Lzma)]
    internal static partial ulong lzma_memusage(LzmaState* state);

    [LibraryImport(SystemLibrary.Lzma)]
    internal static partial void lzma_end(LzmaState* state);
}
