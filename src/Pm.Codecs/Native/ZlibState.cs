using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>z_stream. Source: zlib.h.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct ZlibState
{
    internal byte* NextIn;
    internal uint AvailableIn;
    internal CULong TotalIn;
    internal byte* NextOut;
    internal uint AvailableOut;
    internal CULong TotalOut;
    internal byte* Message;
    internal nint State;
    internal nint Allocate;
    internal nint Free;
    internal nint Opaque;
    internal int DataType;
    internal CULong Adler;
    internal CULong Reserved;
}
