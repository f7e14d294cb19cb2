using System.Runtime.InteropServices;
using Pm.Ebpf.Loading;

namespace Pm.Ebpf.Native;

/// <summary>libbpf, loaded when it is first needed and never before: reading an object needs none.</summary>
static class BpfLibrary
{
    internal const string Name = "pm:bpf";

    const string Soname = "libbpf.so.1";

    static readonly Lock Gate = new();
    static bool _isLoaded;

    /// <summary>Makes its functions callable, and keeps what it prints from the terminal.</summary>
    /// <exception cref="BpfException">PM8005: it is not installed; the hint installs it.</exception>
    internal static unsafe void Require()
    {
        lock (Gate)
        {
            if (_isLoaded)
            {
                return;
            }

            Load();
            NativeLibrary.SetDllImportResolver(typeof(BpfLibrary).Assembly, (name, _, _) => name == Name ? Load() : 0);
            LibBpf.libbpf_set_print(&LibBpfLog.Print);
            _isLoaded = true;
        }
    }

    /// <summary>Whether it is installed: what <see cref="Require"/> needs.</summary>
    internal static bool TryLoad()
    {
        try
        {
            Require();
            return true;
        }
        catch (BpfException)
        {
            return false;
        }
    }

    /// <summary>A reference of its own for each who asks: see SystemLibrary of Pm.Codecs.</summary>
    static nint Load() => NativeLibrary.TryLoad(Soname, out var handle)
        ? handle
        : throw new BpfException(new BpfError("PM8005", $"system library {Soname} cannot be loaded") { Hint = "apt-get install libbpf1" });
}
