namespace Pm.Repositories.Uploads;

/// <summary>How far an upload is.</summary>
/// <param name="IsWhole">It is there, and its digest is the one it is named by.</param>
/// <param name="Size">What is there of it, in bytes: where the next request may go on.</param>
public readonly record struct UploadState(bool IsWhole, long Size);
