using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Codecs.Native;

/// <summary>The state of one compressor or decompressor, in native memory: the libraries keep pointers to it.</summary>
sealed unsafe class NativeStateHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    readonly Action<nint> _release;

    /// <summary>Takes over <paramref name="state"/>, which <paramref name="release"/> frees.</summary>
    internal NativeStateHandle(nint state, Action<nint> release) : base(ownsHandle: true)
    {
        _release = release;
        SetHandle(state);
    }

    /// <summary>A zeroed structure of the size of <typeparamref name="T"/>, ended by <paramref name="end"/>, then freed.</summary>
    internal static NativeStateHandle Of<T>(Action<nint> end) where T : unmanaged =>
        new((nint)NativeMemory.AllocZeroed((nuint)sizeof(T)), state =>
        {
            end(state);
            NativeMemory.Free((void*)state);
        });

    /// <summary>The structure. Valid until disposal.</summary>
    internal T* Pointer<T>() where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        return (T*)handle;
    }

    protected override bool ReleaseHandle()
    {
        _release(handle);
        return true;
    }
}
