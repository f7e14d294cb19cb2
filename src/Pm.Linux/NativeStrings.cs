using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>A NULL-terminated list of NUL-terminated strings in native memory, as execve(2) takes them.</summary>
sealed unsafe class NativeStrings : IDisposable
{
    nint _block;

    NativeStrings(IReadOnlyList<byte[]> strings)
    {
        var table = (strings.Count + 1) * sizeof(nint);
        _block = Marshal.AllocHGlobal(table + strings.Sum(s => s.Length));
        var at = (byte*)_block + table;
        for (var i = 0; i < strings.Count; i++)
        {
            ((nint*)_block)[i] = (nint)at;
            strings[i].CopyTo(new Span<byte>(at, strings[i].Length));
            at += strings[i].Length;
        }
        ((nint*)_block)[strings.Count] = 0;
    }

    public nint Pointer => _block;

    /// <exception cref="ArgumentException">A NUL in one of them.</exception>
    public static NativeStrings OfArguments(string name, IEnumerable<string> arguments) =>
        new([FileName.Terminated(name), .. arguments.Select(FileName.Terminated)]);

    /// <exception cref="ArgumentException">A NUL, an empty name, or a <c>=</c> in a name.</exception>
    public static NativeStrings OfEnvironment(IEnumerable<KeyValuePair<string, string>> environment) =>
        new([.. environment.Select(Variable)]);

    public void Dispose()
    {
        Marshal.FreeHGlobal(_block);
        _block = 0;
    }

    static byte[] Variable(KeyValuePair<string, string> variable) =>
        variable.Key.Length > 0 && !variable.Key.Contains('=', StringComparison.Ordinal)
            ? FileName.Terminated($"{variable.Key}={variable.Value}")
            : throw new ArgumentException($"`{variable.Key}` is not the name of an environment variable");
}
