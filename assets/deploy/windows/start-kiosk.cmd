@echo off
rem Starts the kiosk and starts it again when it ends. Put a link to this file into Task Scheduler: "At log on".
:again
"C:\hall\venv\Scripts\hall-kiosk.exe" --settings "C:\hall\kiosk.toml"
timeout /t 3 /nobreak >nul
goto again
