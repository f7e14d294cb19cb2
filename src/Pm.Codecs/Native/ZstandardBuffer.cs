using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer, which are laid out alike. Source: zstd.h.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct ZstandardBuffer
{
    internal byte* Bytes;
    internal nuint Size;
    internal nuint Position;
}
