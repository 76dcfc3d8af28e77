# Installs llamero on Windows, in WSL2:  irm URL/install.ps1 | iex
# Natively it does not run there: the answers of a model come over an inherited socket, which Bun has on Unix only.
$ErrorActionPreference = "Stop"
$release = if ($env:LLAMERO_RELEASE) { $env:LLAMERO_RELEASE } else { "@RELEASE@" }
if (-not $release) { throw "where is the release? set LLAMERO_RELEASE to its URL" }

if (-not (Get-Command wsl.exe -ErrorAction SilentlyContinue)) {
  throw "llamero needs WSL2: run 'wsl --install' in a terminal with administrator rights, restart Windows, and run this again"
}
wsl.exe --status *> $null
if ($LASTEXITCODE -ne 0) {
  throw "WSL is there without a Linux: run 'wsl --install -d Ubuntu', and run this again"
}
wsl.exe -- sh -c "curl -fsSL '$release/install.sh' | LLAMERO_RELEASE='$release' sh"
if ($LASTEXITCODE -ne 0) { throw "the installation in WSL failed; the lines above say why" }
Write-Host "llamero is installed in WSL. Start it with:  wsl -- llamero serve"
Write-Host "Programs on Windows reach it at http://localhost:11434"
