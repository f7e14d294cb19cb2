using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>The descriptors 0, 1 and 2 of this process.</summary>
public static partial class StandardDescriptors
{
    const int GetFlags = 1; // F_GETFD

    /// <summary>
    /// Puts something into those that who started the process had closed: an input that is at its end, outputs that refuse to be written to. Else the next file that is opened would be taken for them, and the runtime opens
    /// the first: its pipe for signals, in which what is written to standard output would be signals. Call it before anything is opened.
    /// </summary>
    public static void Fill()
    {
        for (var descriptor = 0; descriptor <= 2; descriptor++)
        {
            // The lowest that is free is this one.
            if (Control(descriptor, GetFlags) < 0 && Open("/dev/null", OpenFlags.ReadOnly) is var opened and >= 0 && opened != descriptor)
            {
                _ = Close(opened);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
