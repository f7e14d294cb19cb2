using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>bz_stream. Source: bzlib.h.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct Bzip2State
{
    internal byte* NextIn;
    internal uint AvailableIn;
    internal uint TotalInLow;
    internal uint TotalInHigh;
    internal byte* NextOut;
    internal uint AvailableOut;
    internal uint TotalOutLow;
    internal uint TotalOutHigh;
    internal nint State;
    internal nint Allocate;
    internal nint Free;
    internal nint Opaque;
}
