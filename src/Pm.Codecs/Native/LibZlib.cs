using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The functions of zlib that pm calls. Source: zlib.h.</summary>
static unsafe partial class LibZlib
{
    internal const int Ok = 0;
    internal const int StreamEnd = 1;
    internal const int NeedDictionary = 2;
    internal const int BufferError = -5;
    internal const int NoFlush = 0;
    internal const int Finish = 4;
    internal const int Deflated = 8;

    /// <summary>The largest window, and 16 for "with a gzip header and trailer".</summary>
    internal const int GzipWindowBits = 15 + 16;

    /// <summary>MAX_MEM_LEVEL is 9; 8 is the library's default.</summary>
    internal const int MemoryLevel = 8;

    internal static string Text(byte* message, int result) =>
        Marshal.PtrToStringUTF8((nint)message) ?? $"zlib error {result}";

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial byte* zlibVersion();

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int inflateInit2_(ZlibState* state, int windowBits, byte* version, int size);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int inflateReset(ZlibState* state);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int inflate(ZlibState* state, int flush);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int inflateEnd(ZlibState* state);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int deflateInit2_(
        ZlibState* state, int level, int method, int windowBits, int memoryLevel, int strategy, byte* version, int size);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int deflate(ZlibState* state, int flush);

    [LibraryImport(SystemLibrary.Zlib)]
    internal static partial int deflateEnd(ZlibState* state);
}
