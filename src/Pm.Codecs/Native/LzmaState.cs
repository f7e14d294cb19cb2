using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>lzma_stream. Source: lzma/base.h.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct LzmaState
{
    internal byte* NextIn;
    internal nuint AvailableIn;
    internal ulong TotalIn;
    internal byte* NextOut;
    internal nuint AvailableOut;
    internal ulong TotalOut;
    internal nint Allocator;
    internal nint Internal;
    internal nint Reserved1;
    internal nint Reserved2;
    internal nint Reserved3;
    internal nint Reserved4;
    internal ulong SeekPosition;
    internal ulong Reserved5;
    internal nuint Reserved6;
    internal nuint Reserved7;
    internal int Reserved8;
    internal int Reserved9;
}
