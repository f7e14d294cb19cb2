using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The functions of libbz2 that pm calls. Source: bzlib.h and the bzip2 manual, 3.3.</summary>
static unsafe partial class LibBzip2
{
    internal const int Run = 0;
    internal const int Finish = 2;
    internal const int Ok = 0;
    internal const int StreamEnd = 4;

    internal static string Text(int result) => result switch
    {
        -3 => "out of memory",
        -4 => "data or checksum error",
        -5 => "no bzip2 header",
        _ => $"bzip2 error {result}",
    };

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzDecompressInit(Bzip2State* state, int verbosity, int small);

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzDecompress(Bzip2State* state);

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzDecompressEnd(Bzip2State* state);

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzCompressInit(Bzip2State* state, int blockSize, int verbosity, int workFactor);

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzCompress(Bzip2State* state, int action);

    [LibraryImport(SystemLibrary.Bzip2)]
    internal static partial int BZ2_bzCompressEnd(Bzip2State* state);
}
