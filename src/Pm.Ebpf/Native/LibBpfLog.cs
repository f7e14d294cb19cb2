using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Ebpf.Native;

/// <summary>What libbpf would print, kept for the messages that are made of it. Its own words and hints never reach the terminal.</summary>
static unsafe partial class LibBpfLog
{
    /// <summary>Bytes of one message, which may hold the whole log of the verifier; what nobody writes to takes no memory.</summary>
    const int LongestMessage = 16 << 20;

    /// <summary>Characters kept of all messages of one call.</summary>
    const int LongestLog = 8 << 20;

    const int Debug = 2;

    [ThreadStatic]
    static StringBuilder? _log;

    [ThreadStatic]
    static byte* _message;

    /// <summary>What was printed on this thread since the last time.</summary>
    internal static string Take()
    {
        var text = _log?.ToString() ?? "";
        _log = null;
        return text;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static int Print(int level, byte* format, nint arguments)
    {
        if (level >= Debug || _log is { Length: >= LongestLog })
        {
            return 0;
        }

        if (_message is null)
        {
            _message = (byte*)NativeMemory.Alloc(LongestMessage);
        }

        var length = Math.Min(Format(_message, LongestMessage, format, arguments), LongestMessage - 1);
        if (length > 0)
        {
            (_log ??= new StringBuilder()).Append(Encoding.UTF8.GetString(_message, length));
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "vsnprintf")]
    private static partial int Format(byte* buffer, nuint size, byte* format, nint arguments);
}
