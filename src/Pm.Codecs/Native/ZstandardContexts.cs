namespace Pm.Codecs.Native;

/// <summary>Contexts of libzstd for whole frames: one of each kind a thread, since making one costs more than a small frame.</summary>
sealed unsafe class ZstandardContexts
{
    [ThreadStatic]
    static ZstandardContexts? _ofThread;

    NativeStateHandle? _compressing;
    NativeStateHandle? _decompressing;

    /// <summary>The calling thread's.</summary>
    public static ZstandardContexts OfThread => _ofThread ??= new ZstandardContexts();

    public nint Compressing => (nint)(_compressing ??= Make(
        LibZstandard.ZSTD_createCCtx(), "ZSTD_createCCtx", state => _ = LibZstandard.ZSTD_freeCCtx(state))).Pointer<byte>();

    public nint Decompressing => (nint)(_decompressing ??= Make(
        LibZstandard.ZSTD_createDCtx(), "ZSTD_createDCtx", state => _ = LibZstandard.ZSTD_freeDCtx(state))).Pointer<byte>();

    ZstandardContexts() => SystemLibrary.Require(SystemLibrary.Zstandard);

    static NativeStateHandle Make(nint state, string call, Action<nint> free) => state != 0
        ? new NativeStateHandle(state, free)
        : throw CodecException.Refused(call, "out of memory");
}
