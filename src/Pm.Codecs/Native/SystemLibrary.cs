using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The system libraries behind the codecs, each loaded when it is first needed and never before.</summary>
/// <remarks>Loading libcrypto alone costs a process some 2 ms, which a command that hashes nothing must not pay.</remarks>
static class SystemLibrary
{
    internal const string Crypto = "pm:crypto";
    internal const string Tls = "pm:ssl";
    internal const string Zstandard = "pm:zstd";
    internal const string Bzip2 = "pm:bz2";
    internal const string Lzma = "pm:lzma";
    internal const string Zlib = "pm:z";

    static readonly Lock Gate = new();
    static readonly HashSet<string> Loaded = [];
    static bool _resolving;

    /// <summary>Makes the functions imported from <paramref name="library"/> callable.</summary>
    /// <exception cref="CodecException">The library is not installed; the hint installs it.</exception>
    internal static void Require(string library)
    {
        lock (Gate)
        {
            if (!_resolving)
            {
                NativeLibrary.SetDllImportResolver(typeof(SystemLibrary).Assembly, (name, _, _) => Resolve(name));
                _resolving = true;
            }

            if (!Loaded.Contains(library))
            {
                Resolve(library);
                Loaded.Add(library);
            }
        }
    }

    /// <summary>A reference of its own for each who asks; the one that <see cref="Require"/> takes stays for ever.</summary>
    /// <remarks>
    /// Where two threads call a library for the first time at once, the runtime asks for both and gives one reference back:
    /// were it the same, the library would be unloaded under the other.
    /// </remarks>
    internal static nint Resolve(string library) => library switch
    {
        Crypto => Load("libssl3", "libcrypto.so.3"),
        Tls => Load("libssl3", "libssl.so.3"),
        Zstandard => Load("libzstd1", "libzstd.so.1"),
        // Debian's soname has the minor version in it, other systems' has not.
        Bzip2 => Load("libbz2-1.0", "libbz2.so.1.0", "libbz2.so.1"),
        Lzma => Load("liblzma5", "liblzma.so.5"),
        Zlib => Load("zlib1g", "libz.so.1"),
        _ => nint.Zero,
    };

    /// <exception cref="CodecException">None of <paramref name="sonames"/> can be loaded.</exception>
    internal static nint Load(string package, params ReadOnlySpan<string> sonames)
    {
        foreach (var soname in sonames)
        {
            if (NativeLibrary.TryLoad(soname, out var handle))
            {
                return handle;
            }
        }

        throw CodecException.MissingLibrary(sonames[0], package);
    }
}
