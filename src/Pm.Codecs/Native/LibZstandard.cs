using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The functions of libzstd that pm calls. Source: zstd.h and zstd_errors.h.</summary>
static unsafe partial class LibZstandard
{
    /// <summary>ZSTD_d_windowLogMax.</summary>
    internal const int DecoderWindowLogMax = 100;

    /// <summary>ZSTD_c_compressionLevel.</summary>
    internal const int CompressionLevel = 100;

    /// <summary>ZSTD_c_checksumFlag.</summary>
    internal const int ChecksumFlag = 201;

    /// <summary>ZSTD_reset_session_only.</summary>
    internal const int ResetSession = 1;

    /// <summary>ZSTD_e_continue.</summary>
    internal const int Continue = 0;

    /// <summary>ZSTD_e_end.</summary>
    internal const int End = 2;

    /// <summary>ZSTD_error_dstSize_tooSmall.</summary>
    internal const int TargetTooSmall = 70;

    /// <summary>ZSTD_error_frameParameter_windowTooLarge.</summary>
    internal const int WindowTooLarge = 16;

    internal static bool IsError(nuint result) => ZSTD_isError(result) != 0;

    internal static string Text(nuint result) => Marshal.PtrToStringUTF8((nint)ZSTD_getErrorName(result))!;

    /// <exception cref="CodecException">The library refused.</exception>
    internal static void Check(nuint result, string call)
    {
        if (IsError(result))
        {
            throw CodecException.Refused(call, Text(result));
        }
    }

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial uint ZSTD_isError(nuint result);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial int ZSTD_getErrorCode(nuint result);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial byte* ZSTD_getErrorName(nuint result);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nint ZSTD_createDCtx();

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_DCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_decompressStream(nint context, ZstandardBuffer* output, ZstandardBuffer* input);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nint ZSTD_createCCtx();

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_CCtx_setParameter(nint context, int parameter, int value);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_CCtx_reset(nint context, int what);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_compressStream2(
        nint context, ZstandardBuffer* output, ZstandardBuffer* input, int operation);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_compress2(nint context, byte* target, nuint targetSize, byte* source, nuint sourceSize);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_decompressDCtx(nint context, byte* target, nuint targetSize, byte* source, nuint sourceSize);

    [LibraryImport(SystemLibrary.Zstandard)]
    internal static partial nuint ZSTD_findFrameCompressedSize(byte* source, nuint size);
}
